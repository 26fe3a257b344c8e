#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clicks through a report in a real browser: browser_check.py METERBENCH SOURCE_DIR [--keep DIR].

Steps: a run with a mutant and a campaign; in headless Chromium the filter, the search, the page of
a case, a frame of its diagram, the way back to a requirement, dark mode, printing.
Expectations: what is shown is what the records hold, nothing is loaded from elsewhere, no script
fails. With --keep the pages are also left there as PNG, light and dark. Ends with 77 where there
is no Chromium.
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
PATIENCE = 60.0  # seconds for one answer of the browser, on a busy machine


class Browser:
    """DevTools protocol over a pipe: JSON messages with a zero byte after each."""

    def __init__(self, program, profile):
        to_browser, self.out = os.pipe()
        self.into, from_browser = os.pipe()

        def place():  # the browser reads descriptor 3 and writes descriptor 4
            first, second = os.dup(to_browser), os.dup(from_browser)
            os.dup2(first, 3)
            os.dup2(second, 4)

        # Scripts and pages are this program's own; a container has no sandbox to offer.
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(t for t in targets if t["type"] == "page")
        self.session = self.call("Target.attachToTarget",
                                 {"targetId": page["targetId"], "flatten": True})["sessionId"]
        self.call("Emulation.setDeviceMetricsOverride", {
            "width": 1240, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def read(self, deadline):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            chunk = os.read(self.into, 1 << 20)
            if not chunk:
                raise EOFError("the browser has ended")
            self.buffer += chunk
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, parameters=None):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters or {}}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.out, json.dumps(request).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            message = self.read(deadline)
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method, start):
        deadline = time.monotonic() + PATIENCE
        while not any(e.get("method") == method for e in self.events[start:]):
            self.events.append(self.read(deadline))

    def open(self, path):
        start = len(self.events)
        self.call("Page.navigate", {"url": pathlib.Path(path).resolve().as_uri()})
        self.wait("Page.loadEventFired", start)

    def js(self, expression):
        answer = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def click(self, selector):
        """A real click of the mouse in the middle of the element."""
        place = self.js(f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
            if (!e) return null; e.scrollIntoView({{block: 'center'}});
            const r = e.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; }})()""")
        assert place, f"nothing to click: {selector}"
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", {"type": kind, "x": place[0], "y": place[1],
                                                   "button": "left", "clickCount": 1})

    def follow(self, selector):
        start = len(self.events)
        self.click(selector)
        self.wait("Page.loadEventFired", start)

    def screenshot(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        image = self.call("Page.captureScreenshot", {
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": 1240, "height": min(size["height"], 2400),
                     "scale": 1}})
        pathlib.Path(path).write_bytes(base64.b64decode(image["data"]))

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia",
                  {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


ROWS = "Array.from(document.querySelectorAll('.cases tbody tr:not(.family)'))"
VISIBLE = ROWS + ".filter(r => r.offsetParent !== null)"


def soon(browser, script, expected, what):
    """Scripts of a page run when the browser comes to it."""
    end = time.monotonic() + 10
    while (actual := browser.js(script)) != expected and time.monotonic() < end:
        time.sleep(0.05)
    equal(actual, expected, what)


def equal(actual, expected, what):
    assert actual == expected, f"{what}: expected {expected!r}, was {actual!r}"


def check_index(browser, report, result):
    browser.open(report / "index.html")
    counts = result["counts"]
    equal(browser.js(ROWS + ".length"), counts["planned"], "rows")
    fold = ".cases tr.family button"
    before = browser.js(VISIBLE + ".length")
    browser.click(fold)
    assert browser.js(VISIBLE + ".length") != before, "a click on a family folds nothing"
    browser.click(fold)
    equal(browser.js(VISIBLE + ".length"), before, "a second click unfolds")
    assert counts["failed"] > 0, "the mutant fails nothing: this check checks nothing"
    browser.click("label[for=show-fail]")
    equal(browser.js(VISIBLE + ".length"), counts["failed"], "rows after a click on failed")
    equal(browser.js(VISIBLE + ".every(r => r.classList.contains('fail'))"), True, "only fails")
    browser.click("label[for=show-all]")
    failing = next(c for c in result["cases"] if c["verdict"] == "fail")
    browser.click(".search input")
    browser.call("Input.insertText", {"text": failing["id"]})
    equal(browser.js(VISIBLE + f".some(r => r.textContent.includes({json.dumps(failing['id'])}))"),
          True, "the search finds the case")
    assert browser.js(VISIBLE + ".length") < counts["planned"], "the search hides nothing"
    return failing


def check_case(browser, failing):
    browser.follow(f".cases a[href*={json.dumps(failing['id'])}]")
    text = browser.js("document.body.innerText")
    assert failing["id"] in text and failing["reasons"][0]["text"] in text, "id and reason"
    assert failing["replay"] in text, "the command that replays it"
    frames = sum(step["kind"] in ("sent", "heard") for step in failing["steps"])
    equal(browser.js("document.querySelectorAll('.diagram svg a').length"), frames, "frames drawn")
    assert browser.js("document.querySelectorAll('.waves svg path').length") > 0, "the waveform"
    browser.click(".diagram svg a .band")
    soon(browser, "location.hash", "#frame-1", "a click on a frame")
    soon(browser, "document.getElementById('frame-1').open", True, "its bytes are open")


def check_requirement(browser, failing):
    browser.follow(".facts .chip[href*='#req-']")
    requirement = failing["checks"][0]
    soon(browser, "location.hash", "#req-" + requirement, "the way to the requirement")
    equal(browser.js(f"document.getElementById('req-{requirement}').offsetParent !== null"), True,
          "the requirement is seen")
    # A requirement that no case covers stands in a fold: a link into it opens it.
    hidden = browser.js("(document.querySelector('details.fold tr') || {}).id || ''") or browser.js(
        "(document.querySelector('details.fold tbody tr') || {}).id || ''")
    if hidden:
        browser.js(f"location.hash = '#{hidden}'")
        soon(browser, f"document.getElementById('{hidden}').closest('details').open", True,
             "the fold opens")


def check_looks(browser, page, keep, name):
    browser.open(page)
    colours = {}
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        colours[scheme] = browser.js("getComputedStyle(document.body).backgroundColor")
        if keep:
            browser.screenshot(keep / f"{name}-{scheme}.png")
    assert colours["light"] != colours["dark"], f"{name}: no dark mode"
    browser.scheme("light")
    printed = base64.b64decode(browser.call("Page.printToPDF", {"printBackground": True})["data"])
    assert printed.startswith(b"%PDF"), f"{name}: does not print"
    equal(browser.js("document.documentElement.scrollWidth <= window.innerWidth"), True,
          f"{name}: fits its width")


def check_campaign(browser, folder):
    campaign = json.loads((folder / "campaign.json").read_text())
    browser.open(folder / "index.html")
    equal(browser.js(VISIBLE + ".length"), len(campaign["runs"]), "devices")
    browser.click("label[for=show-pass]")
    equal(browser.js(VISIBLE + ".every(r => r.innerText.toLowerCase().startsWith('killed'))"), True,
          "only what was killed")
    browser.click(".cases tr.pass details summary")
    equal(browser.js("document.querySelector('.cases tr.pass details').open"), True, "findings")


def check_quiet(browser):
    """Nothing came from outside, no script failed."""
    for event in browser.events:
        method = event.get("method")
        if method == "Network.requestWillBeSent":
            url = event["params"]["request"]["url"]
            assert url.startswith(("file:", "about:", "data:")), f"loads {url}"
        assert method != "Runtime.exceptionThrown", event
        if method == "Log.entryAdded":
            assert event["params"]["entry"]["level"] != "error", event


def make(command, source, folder):
    suite = source / "scenarios/wired/meter/link"
    subprocess.run([command, "run", suite, "--mutant", "link.nke-without-reset", "--waveform",
                    "--report", folder / "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   check=False)
    subprocess.run([command, "campaign", suite, "--mutants", "link.nke-without-reset,link.fcb-stuck",
                    "--report", folder / "campaign"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)


def main():
    command, source = sys.argv[1], pathlib.Path(sys.argv[2])
    keep = pathlib.Path(sys.argv[4]) if sys.argv[3:4] == ["--keep"] else None
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        print("skipped: chromium is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        make(command, source, folder)
        result = json.loads((folder / "run/result.json").read_text())
        browser = Browser(program, folder / "profile")
        try:
            failing = check_index(browser, folder / "run", result)
            check_case(browser, failing)
            check_requirement(browser, failing)
            check_campaign(browser, folder / "campaign")
            check_looks(browser, folder / "run/index.html", keep, "index")
            check_looks(browser, folder / f"run/cases/{failing['id']}.html", keep, "case")
            check_looks(browser, folder / "campaign/index.html", keep, "campaign")
            check_quiet(browser)
        finally:
            browser.end()
    print("the report holds in a browser")
    return 0


if __name__ == "__main__":
    sys.exit(main())
