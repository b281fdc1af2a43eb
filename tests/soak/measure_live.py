"""Measure the page Live in a real Chromium whose camera plays a drawn face.

    python tests/soak/measure_live.py [--seconds 20] [--browsers 1] [--minutes 0] [--tab Events]

Prints, for each browser: how long it took from Start to the first picture; pictures shown a second; the median and the
95th percentile of the time from a picture at the camera to the same picture back on the page, and to words about it on
the page (glass to label); how many of the pictures that were looked at have the answer, "undecided" too, that the
pipeline gives when it is given the film itself. With ``--minutes``, how much the server's memory has grown while it
went on for so long. Without anything else running, on two cores; a third browser is told that the server is busy.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

import bits
import numpy as np
from browsers import CHROMIUM, FLAGS
from camera import FPS, surprised, write_y4m
from serving import serving

WATCH = """
async seconds => {
  const camera = document.createElement("video")
  camera.muted = true
  camera.srcObject = await navigator.mediaDevices.getUserMedia(
    { video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } } })
  await camera.play()
  const back = document.querySelector("video")
  const found = { camera: [], back: [] }
  const follow = (video, list, rows) => {
    const canvas = new OffscreenCanvas(16 * 16, 16 * rows)
    const context = canvas.getContext("2d", { willReadFrequently: true })
    const step = () => {
      const now = performance.now()
      context.drawImage(video, 0, 0, canvas.width, canvas.height, 0, 0, canvas.width, canvas.height)
      const data = context.getImageData(0, 0, canvas.width, canvas.height).data
      const row = [now]
      for (let at = 0; at < rows; at++) {
        let number = 0
        for (let bit = 0; bit < 16; bit++)
          if (data[4 * ((16 * at + 8) * canvas.width + 16 * bit + 8) + 1] > 128) number |= 1 << bit
        row.push(number)
      }
      list.push(row)
      video.requestVideoFrameCallback(step)
    }
    video.requestVideoFrameCallback(step)
  }
  follow(camera, found.camera, 1)
  follow(back, found.back, 3)
  const before = back.getVideoPlaybackQuality().totalVideoFrames
  await new Promise(done => setTimeout(done, 1000 * seconds))
  found.shown = (back.getVideoPlaybackQuality().totalVideoFrames - before) / seconds
  camera.srcObject.getTracks().forEach(track => track.stop())
  return found
}
"""
FIRST = """
() => new Promise(done => {
  const start = [...document.querySelectorAll("button")].find(each => /start/i.test(each.innerText))
  let began
  start.addEventListener("click", () => { began = performance.now(); look() })
  const look = () => {
    const video = document.querySelector("video")
    if (!video) return setTimeout(look, 10)
    video.requestVideoFrameCallback(() => done((performance.now() - began) / 1000))
  }
  start.click()
})
"""


def film():
    """Return the camera's pictures, numbered from 1."""
    pictures = [picture.copy() for picture in surprised()]
    for number, picture in enumerate(pictures, 1):
        bits.write(picture, number, 0)
    return pictures


def by_itself(pictures):
    """Return what the pipeline names in each picture of the film, played twice: number to label from 1, 0 for none."""
    from engine.recognition.live import LivePipeline

    pipeline, named = LivePipeline(), {}
    for at in range(2 * len(pictures)):
        face = pipeline.see(pictures[at % len(pictures)], at / FPS).main
        answers = [*pipeline.labels, "undecided"]
        named[at % len(pictures) + 1] = 0 if face is None else 1 + answers.index(face.answer)
    return named


def open_live(driver, camera, address):
    """Return a page with the camera not yet started, and the frame that it starts in."""
    flags = [*FLAGS, f"--use-file-for-fake-video-capture={camera}"]
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/live")
    page.get_by_text("I know what happens to the camera").click()
    page.frame_locator("iframe[title*=webrtc]").get_by_role("button", name="Start").wait_for()
    return page, next(frame for frame in page.frames if "webrtc" in frame.url)


def report(found, named):
    """Print what one browser has measured."""
    taken, glass, label, agreed = {}, [], [], []
    events = sorted([(row[0], "camera", row) for row in found["camera"]] + [(row[0], "", row) for row in found["back"]])
    for now, who, row in events:
        if who:
            taken[row[1]] = now  # the film begins anew: the latest time counts
            continue
        _, shown, about, said = row
        # Where the camera's own picture was not shown in this round of the film, its time is that of the round before.
        taken = {number: then for number, then in taken.items() if now - then < 900 * len(named) / FPS}
        if shown in taken:
            glass.append(now - taken[shown])
        if about in taken:
            label.append(now - taken[about])
            agreed.append(named.get(about) == said)
    print(f"  pictures shown a second: {found['shown']:.1f}")
    for name, times in (("glass to glass", glass), ("glass to label", label)):
        if times:
            middle, late = statistics.median(times), np.quantile(times, 0.95)
            print(f"  {name}: median {middle:.0f} ms, 95th percentile {late:.0f} ms, {len(times)} pictures")
    if agreed:
        print(f"  the same answer as from the film itself: {np.mean(agreed):.1%} of {len(agreed)} pictures")


def memory(pid):
    """Return the server's resident memory in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--browsers", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--tab", default="Events", choices=["Events", "Spikes"])
    chosen = parser.parse_args()
    from playwright.sync_api import sync_playwright

    pictures = film()
    named = by_itself(pictures)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        camera = write_y4m(Path(name) / "film.y4m", pictures, FPS)
        with serving(Path(name), script=HERE / "measured_app.py", NEUROMER_DATA=f"{name}/data") as running:
            opened = [open_live(driver, camera, running.address) for _ in range(chosen.browsers)]
            firsts = [frame.evaluate(FIRST) for _, frame in opened]
            for page, _ in opened:
                page.get_by_role("tab", name=chosen.tab).click()
            time.sleep(8)
            # All are watched at once: asked for first, awaited afterwards.
            for _, frame in opened:
                frame.evaluate(f"window.found = ({WATCH})({chosen.seconds}), 0")
            for number, (_, frame) in enumerate(opened, 1):
                print(f"browser {number}: first picture after {firsts[number - 1]:.1f} s")
                report(frame.evaluate("window.found"), named)
            if chosen.minutes:
                time.sleep(60)
                before = memory(running.pid)
                time.sleep(60 * chosen.minutes)
                grown = memory(running.pid) - before
                print(f"memory: {before:.0f} MB, {grown:+.1f} MB after {chosen.minutes:g} min")
            for page, _ in opened:
                page.context.browser.close()


if __name__ == "__main__":
    main()
