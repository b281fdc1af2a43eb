"""What the server says of its answers to the browser."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class OwnFramesOnly:
    """Tells the browser that no other site may show the pages in a frame, where a click could be led astray.

    Parameters
    ----------
    app
        The server's own application.

    References
    ----------
    W3C, Content Security Policy Level 3, ``frame-ancestors``; RFC 7034 for browsers that know only
    ``X-Frame-Options``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers added."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = "frame-ancestors 'self'"
                headers["X-Frame-Options"] = "SAMEORIGIN"
            await send(message)

        await self.app(scope, receive, with_headers)
