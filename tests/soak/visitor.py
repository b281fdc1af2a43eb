"""A visitor of a running dashboard without a browser: speaks to the server as Streamlit's own page does.

A browser takes more memory and more of the processor than the server that is measured.
"""

import http.client
import time
import uuid
from http.cookies import SimpleCookie

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

PATIENCE_S = 300


class Visitor:
    """One tab.

    Parameters
    ----------
    port
        Of the server on this machine.
    page
        Which page it opens first; ``""`` for the first one.
    """

    def __init__(self, port, page=""):
        self.port, self.page = port, page
        self.widgets, self.elements, self.files, self.tabs = {}, {}, {}, []
        self.session = self._page_hash = self._query = ""
        self._cookie = self._token()
        self._socket = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=["streamlit", self._cookie or "-"],
            additional_headers={"Cookie": f"_streamlit_xsrf={self._cookie}"},
            origin=f"http://127.0.0.1:{port}",
            max_size=None,
        )
        self.run()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.leave()

    def leave(self):
        """Close the tab."""
        self._socket.close()

    def go(self, page):
        """Open another page of the navigation."""
        self.page, self._page_hash, self._query = page, "", ""
        self.widgets.clear()
        self.files.clear()
        return self.run()

    def run(self, seen=None):
        """Have the page run, with what the widgets hold, until it has ended.

        Returns how long that took, in seconds; with ``seen``, how long until that was true of this visitor.
        """
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = self.page, self._query
        # As a browser does: a camera's stream ends where a visitor's page is another than the one that began it.
        message.rerun_script.page_script_hash = self._page_hash
        for name, (kind, value) in self.widgets.items():
            state = message.rerun_script.widget_states.widgets.add(id=name)
            if isinstance(value, list):
                getattr(state, kind).data.extend(value)
            else:
                setattr(state, kind, value)
        for name, files in self.files.items():
            state = message.rerun_script.widget_states.widgets.add(id=name)
            state.file_uploader_state_value.uploaded_file_info.extend(files)
        began = time.monotonic()
        self._socket.send(message.SerializeToString())
        there = self._until_finished(seen)
        # What is pressed is pressed once.
        self.widgets = {name: held for name, held in self.widgets.items() if held[0] != "trigger_value"}
        return (there or time.monotonic()) - began

    def find(self, kind, key):
        """Return an element that is shown, by its kind and a part of its id; None for none."""
        for element in self.elements.values():
            if element.WhichOneof("type") == kind and key in getattr(element, kind).id:
                return getattr(element, kind)
        return None

    def words(self):
        """Return what the page says: its texts, warnings and errors."""
        said = []
        for element in self.elements.values():
            kind = element.WhichOneof("type")
            if kind in ("markdown", "alert", "heading", "progress"):
                part = getattr(element, kind)
                said.append(getattr(part, "body", "") or getattr(part, "text", ""))
        return "\n".join(said)

    def press(self, named):
        """Press a button, by its label or a part of its id; its page has run afterwards. Returns as `run`."""
        labels = {each.button.label: each.button.id for each in self.elements.values() if each.HasField("button")}
        return self.set("button", labels.get(named, named), "trigger_value", True)

    def choose(self, key, option):
        """Choose a segment; its page has run afterwards. Returns as `run`."""
        return self.set("button_group", key, "string_array_value", [option])

    def open_tab(self, key, label):
        """Open a tab; its page has run afterwards. Returns as `run`."""
        self.widgets[next(each for each in self.tabs if key in each)] = "string_value", label
        return self.run()

    def set(self, element, key, kind, value):
        """Give a widget a value; its page has run afterwards. Returns as `run`."""
        found = self.find(element, key)
        assert found is not None, f"The page {self.page} shows no {element} {key!r}: {self.words()}"
        self.widgets[found.id] = kind, value
        return self.run()

    def give(self, key, files, seen=None):
        """Upload files, ``{name: bytes}``, through a widget; the page runs then. Takes and returns as `run`."""
        message = BackMsg()
        message.file_urls_request.request_id = uuid.uuid4().hex
        message.file_urls_request.file_names.extend(files)
        message.file_urls_request.session_id = self.session
        began = time.monotonic()
        self._socket.send(message.SerializeToString())
        while (answer := self._next()).WhichOneof("type") != "file_urls_response":
            pass
        infos = []
        from streamlit.proto.Common_pb2 import UploadedFileInfo

        for (name, data), urls in zip(files.items(), answer.file_urls_response.file_urls, strict=True):
            status = self.put(urls.upload_url, name, data)
            if status == 204:
                infos.append(UploadedFileInfo(name=name, size=len(data), file_id=urls.file_id, file_urls=urls))
        self.files[self.find("file_uploader", key).id] = infos
        uploaded = time.monotonic() - began
        return uploaded + self.run(seen)

    def put(self, url, name, data):
        """Send a file to an address of the server, and return the status of its answer."""
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        body = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + f"\r\n--{mark}--\r\n".encode()
        status, _ = self._ask("PUT", url, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})
        return status

    def _ask(self, method, url, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        own = {"Cookie": f"_streamlit_xsrf={self._cookie}", "X-Xsrftoken": self._cookie}
        try:
            connection.request(method, url, body, {**own, **(headers or {})})
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers
        finally:
            connection.close()

    def _token(self):
        self._cookie = ""
        _, headers = self._ask("GET", "/_stcore/health")
        cookies = SimpleCookie()
        for each in headers.get_all("Set-Cookie") or ():
            cookies.load(each)
        return cookies["_streamlit_xsrf"].value if "_streamlit_xsrf" in cookies else ""

    def _next(self):
        message = ForwardMsg.FromString(self._socket.recv(PATIENCE_S))
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta":
            place = tuple(message.metadata.delta_path)
            self.elements.pop(place, None)
            if message.delta.WhichOneof("type") == "new_element":
                self.elements[place] = message.delta.new_element
            elif named := message.delta.add_block.tab_container.id:
                self.tabs.append(named)
        return message

    def _until_finished(self, seen):
        self.elements, self.tabs, there = {}, [], None
        while True:
            message = self._next()
            if seen is not None and there is None and seen(self):
                there = time.monotonic()
            if message.WhichOneof("type") == "script_finished":
                return there
