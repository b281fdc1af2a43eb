// The recording with what was found drawn over it. Every time is on the recording's own clock, every place is a frame:
// a seek goes to the middle of the frame, where rounding shows no other one.

const COLUMNS = 7 // of a face, see engine/recognition/video/overlay.py
const HALF_EVENT_S = 0.2 // an event that is added reaches so far to either side of its apex
const KEYS = {
  " ": "play", ArrowLeft: "back", ArrowRight: "on", n: "next", p: "before", o: "onset", a: "apex", f: "offset", e: "add"
}

// Index of the last number of a rising row that is at most `value`, at least 0.
function lastUpTo(row, value, step = 1) {
  let low = 0, high = row.length / step - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (row[middle * step] <= value) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}

function makePlayer(root) {
  const find = selector => root.querySelector(selector)
  const video = find("video"), canvas = find("canvas"), strip = find(".strip"), head = find(".head")
  const charts = new Map()
  const player = { data: null, tell: () => {}, times: new Float32Array(), faces: [], index: 0, wanted: null }

  const endOf = index => index + 1 < player.times.length ? player.times[index + 1] : player.data.duration_s
  const time = () => player.times[player.index] ?? 0
  const chosen = () => player.data.events.find(event => event.id === player.data.chosen)

  function goTo(index) {
    if (!player.times.length) return
    player.index = Math.min(Math.max(index, 0), player.times.length - 1)
    player.wanted = (player.times[player.index] + endOf(player.index)) / 2
    if (video.readyState > 0) {
      video.currentTime = player.wanted
      player.wanted = null
    }
    draw()
  }

  const seek = seconds => goTo(lastUpTo(player.times, seconds + 1e-3))

  function drawFaces() {
    const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight
    canvas.width = width * ratio
    canvas.height = height * ratio
    const pen = canvas.getContext("2d")
    pen.scale(ratio, ratio)
    pen.font = "14px sans-serif"
    const write = (words, x, y) => {
      const wide = pen.measureText(words).width + 10
      x = Math.min(Math.max(0, x), Math.max(0, width - wide))
      pen.fillStyle = "rgba(0, 0, 0, 0.75)"
      pen.fillRect(x, y, wide, 21)
      pen.fillStyle = "#fff"
      pen.fillText(words, x + 5, y + 15)
    }
    const said = []
    player.faces.forEach((rows, number) => {
      const at = rows.length ? lastUpTo(rows, player.index, COLUMNS) * COLUMNS : 0
      if (!rows.length || rows[at] !== player.index) return
      const { person, labels } = player.data.people[number]
      const [x, y, w, h] = [rows[at + 1] * width, rows[at + 2] * height, rows[at + 3] * width, rows[at + 4] * height]
      const sure = rows[at + 6], share = `${Math.round(100 * Math.abs(sure))} %`
      const answer = sure < 0 ? `undecided (${labels[rows[at + 5]]}, ${share})` : `${labels[rows[at + 5]]}, ${share}`
      const words = player.data.people.length > 1 ? `Person ${person}: ${answer}` : answer
      pen.lineWidth = person === player.data.person ? 3 : 1.5
      pen.strokeStyle = "#000"
      pen.strokeRect(x - 1, y - 1, w + 2, h + 2)
      pen.strokeStyle = "#fff"
      pen.setLineDash(sure < 0 ? [6, 4] : [])
      pen.strokeRect(x, y, w, h)
      pen.setLineDash([])
      write(words, x, y > 23 ? y - 23 : y + h + 2)
      said.push(words)
    })
    const inside = player.data.events.filter(event => event.onset_s <= time() + 1e-3 && time() <= event.offset_s + 1e-3)
    if (inside.length) write(`Event ${inside.map(event => event.label).join(", ")}`, 6, height - 27)
    return { said, inside }
  }

  function draw() {
    if (!player.data || !root.isConnected) return
    const { said, inside } = drawFaces(), duration = player.data.duration_s || 1
    const place = `${time().toFixed(3)} s, frame ${player.index + 1} of ${player.times.length}`
    const within = inside.map(event => `in event ${event.label}`)
    find(".now").textContent = [place, ...within].join(", ") + ". " + (said.join("; ") || "No face here.")
    head.style.left = `${100 * time() / duration}%`
    strip.setAttribute("aria-valuenow", time().toFixed(3))
    strip.setAttribute("aria-valuetext", [place, ...within].join(", "))
    for (const [chart, line] of charts) drawInChart(chart, line)
  }

  // The playhead in a chart of the page, whose time axis Plotly keeps.
  function drawInChart(chart, line) {
    const layout = chart._fullLayout, axis = layout?.xaxis
    if (!chart.isConnected) {
      charts.delete(chart)
      return
    }
    if (!axis?._length) return
    if (!line.isConnected) chart.append(line)
    const at = axis.d2p(time())
    line.style.display = at >= 0 && at <= axis._length ? "block" : "none"
    line.style.left = `${axis._offset + at}px`
    line.style.top = `${layout._size.t}px`
    line.style.height = `${layout._size.h}px`
  }

  function adopt(chart) {
    if (charts.has(chart)) return
    const line = document.createElement("div")
    line.style.cssText = "position:absolute;width:2px;margin-left:-1px;pointer-events:none;z-index:5;background:currentColor"
    line.setAttribute("aria-hidden", "true")
    if (getComputedStyle(chart).position === "static") chart.style.position = "relative"
    charts.set(chart, line)
    let pressed = null
    // Plotly keeps clicks for itself; one that drags is its zoom.
    chart.addEventListener("pointerdown", event => { pressed = [event.clientX, event.clientY] }, true)
    window.addEventListener("pointerup", event => {
      const from = pressed, axis = chart._fullLayout?.xaxis
      pressed = null
      if (!from || !axis || !root.isConnected || Math.hypot(event.clientX - from[0], event.clientY - from[1]) > 4) return
      const box = chart.getBoundingClientRect(), size = chart._fullLayout._size
      const x = event.clientX - box.left - axis._offset, y = event.clientY - box.top - size.t
      if (x >= 0 && x <= axis._length && y >= 0 && y <= size.h) seek(axis.p2d(x))
    }, true)
    chart.on?.("plotly_afterplot", () => drawInChart(chart, line))
  }

  function findCharts() {
    document.querySelectorAll(`.${player.data.charts} .js-plotly-plot`).forEach(adopt)
    draw()
  }

  function drawStrip() {
    const duration = player.data.duration_s || 1, bars = find(".bars")
    bars.replaceChildren()
    let free = -Infinity
    for (const event of player.data.events) {
      const bar = document.createElement("div"), label = document.createElement("div")
      bar.className = `bar ${event.kind}${event.id === player.data.chosen ? " chosen" : ""}`
      bar.style.left = `${100 * event.onset_s / duration}%`
      bar.style.width = `${100 * (event.offset_s - event.onset_s) / duration}%`
      bar.title = event.title
      bar.dataset.event = event.id
      label.className = "label"
      label.textContent = event.label
      bars.append(bar, label)
      const x = Math.min(event.onset_s / duration * strip.clientWidth, strip.clientWidth - label.offsetWidth - 4)
      // A label for which there is no room is left out; its bar tells the same.
      if (x < free) label.remove()
      else {
        label.style.left = `${Math.max(2, x)}px`
        free = x + label.offsetWidth + 8
      }
    }
  }

  function choose(event) {
    if (!event) return
    seek(event.onset_s)
    player.data.chosen = event.id
    drawStrip()
    player.tell({ do: "choose", event: event.id })
  }

  function besides(step) {
    const events = player.data.events, at = events.findIndex(event => event.id === player.data.chosen)
    choose(at < 0 ? events[0] : events[at + step])
  }

  function move(moment) {
    const event = chosen()
    if (event) player.tell({ do: "move", event: event.id, moment, time_s: time() })
  }

  function askWhat(open) {
    const form = find(".adding")
    form.hidden = !open
    if (!open) return root.focus()
    video.pause()
    form.querySelector("select").focus()
  }

  const actions = {
    play: () => video.paused ? video.play().catch(() => {}) : video.pause(),
    back: () => { video.pause(); goTo(player.index - 1) },
    on: () => { video.pause(); goTo(player.index + 1) },
    before: () => besides(-1),
    next: () => besides(1),
    onset: () => move("onset_s"),
    apex: () => move("apex_s"),
    offset: () => move("offset_s"),
    add: () => askWhat(true),
    cancel: () => askWhat(false),
    sound: () => {
      video.muted = !video.muted
      find("[data-do=sound]").setAttribute("aria-pressed", !video.muted)
    },
  }

  root.addEventListener("click", event => {
    const button = event.target.closest("button")
    if (button?.dataset.do) actions[button.dataset.do]()
    if (button?.dataset.speed) {
      video.playbackRate = Number(button.dataset.speed)
      root.querySelectorAll("[data-speed]").forEach(each => each.setAttribute("aria-pressed", each === button))
    }
    if (event.target === video) {
      root.focus()
      actions.play()
    }
  })
  video.addEventListener("dblclick", () => actions.add())
  root.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.closest("form")) {
      if (event.key === "Escape") actions.cancel()
      if (event.key === "Enter" && event.target.matches("select")) {
        event.preventDefault()
        event.target.form.requestSubmit()
      }
      event.stopPropagation()
      return
    }
    const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    // Space presses the button that has the focus.
    if (!action || (event.key === " " && event.target.closest("button"))) return
    event.preventDefault()
    event.stopPropagation()
    actions[action]()
  })
  find(".adding").addEventListener("submit", event => {
    event.preventDefault()
    const at = time(), begin = Math.max(0, at - HALF_EVENT_S), end = Math.min(player.data.duration_s, at + HALF_EVENT_S)
    const expression = find(".adding select").value
    askWhat(false)
    player.tell({ do: "add", onset_s: begin, apex_s: at, offset_s: end, expression })
  })
  strip.addEventListener("pointerdown", event => {
    const bar = event.target.closest(".bar"), box = strip.getBoundingClientRect()
    const at = (event.clientX - box.left) / box.width * player.data.duration_s
    const known = bar && player.data.events.find(each => each.id === bar.dataset.event)
    if (known && known.id !== player.data.chosen) choose(known)
    seek(at)
  })

  video.addEventListener("play", () => { find("[data-do=play]").textContent = "Pause" })
  video.addEventListener("pause", () => { find("[data-do=play]").textContent = "Play" })
  // As wide as it is, also upright, so that what is drawn over the picture lies where it belongs.
  video.addEventListener("resize", () => {
    find(".stage").style.setProperty("--aspect", video.videoWidth / video.videoHeight || 1)
    draw()
  })
  video.addEventListener("loadeddata", () => player.wanted === null ? draw() : goTo(player.index))
  video.addEventListener("error", () => player.tell({ do: "unplayable" }))
  // The time of the picture that is seen, where a browser tells it; the clock may be ahead of it.
  const follow = seconds => {
    if (video.paused || video.seeking || !player.times.length) return
    player.index = lastUpTo(player.times, seconds + 1e-3)
    draw()
  }
  if (video.requestVideoFrameCallback) {
    const seen = (_, frame) => {
      follow(frame.mediaTime)
      video.requestVideoFrameCallback(seen)
    }
    video.requestVideoFrameCallback(seen)
  } else video.addEventListener("timeupdate", () => follow(video.currentTime))
  new ResizeObserver(() => {
    if (player.data) {
      drawStrip()
      draw()
    }
  }).observe(root)

  function take(numbers) {
    const all = new Float32Array(numbers)
    let at = player.data.frames
    player.times = all.subarray(0, at)
    player.faces = player.data.people.map(({ rows }) => all.subarray(at, at += rows * COLUMNS))
    seek(player.data.start_s)
  }

  player.update = (data, tell) => {
    const before = player.data
    player.data = data
    player.tell = tell
    strip.setAttribute("aria-valuemax", data.duration_s)
    const select = find(".adding select"), names = data.names.join("\n")
    if (select.dataset.names !== names) {
      select.replaceChildren(...data.names.map(name => new Option(name)))
      select.dataset.names = names
    }
    const event = chosen()
    find(".which").textContent = event ? `Event ${event.id}:` : "No event is chosen."
    root.querySelectorAll(".moments button").forEach(button => { button.disabled = !event || event.rejected })
    root.querySelectorAll("[data-do=before], [data-do=next]").forEach(
      button => { button.disabled = !data.events.length })
    drawStrip()
    if (before?.source !== data.source) {
      video.src = data.source
      if (before) goTo(player.index)
    }
    if (before?.overlay !== data.overlay)
      fetch(data.overlay).then(answer => answer.arrayBuffer()).then(take)
    else if (before.chosen !== data.chosen && event && video.paused) seek(event.apex_s)
    // The charts below are drawn after this, and anew whenever the page wants.
    findCharts()
    for (const wait of [300, 1000, 3000]) setTimeout(findCharts, wait)
  }
  return player
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".player")
  root.player ??= makePlayer(root)
  root.player.update(structuredClone(data), message => setTriggerValue("told", message))
}
