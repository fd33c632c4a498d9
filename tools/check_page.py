#!/usr/bin/env python3
"""Opens the pages that neurone train writes in headless Chromium, as readers see them.

Usage: check_page.py NEURONE FOLDER. Trains on tables of the project, opens each page wide and narrow, light and dark,
leaves pictures of all that and a PDF in FOLDER, and checks what a browser alone can tell: no message on its console,
nothing wider than the window, no text of a chart cut off or upon another. Exits 1 when something is wrong.
"""

import base64
import pathlib
import subprocess
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = {
    "classes": ["data/penguins/penguins.csv", "--target", "species"],
    "number": ["data/penguins/penguins.csv", "--target", "body_mass_g"],
    "many_classes": ["data/digits/digits.csv", "--target", "digit", "--task", "classification", "--epochs", "20"],
    "untested": ["data/penguins/penguins.csv", "--target", "species", "--test", "0", "--epochs", "20"],
}
WINDOWS = {"wide": (1200, 900), "phone": (390, 844)}

FINDINGS = """
const found = [];
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width)
  found.push(`the page is ${document.documentElement.scrollWidth} pixels wide, the window ${width}`);
for (const chart of document.querySelectorAll('svg.chart, svg.network')) {
  const name = chart.getAttribute('aria-label');
  const box = chart.viewBox.baseVal;
  const texts = [...chart.querySelectorAll('text')].map(text => [text, text.getBoundingClientRect()]);
  const frame = chart.getBoundingClientRect();
  texts.forEach(([text, at], i) => {
    if (at.left < frame.left - 1 || at.right > frame.right + 1 || at.top < frame.top - 1 || at.bottom > frame.bottom + 1)
      found.push(`${name}: '${text.textContent}' is cut off`);
    for (const [other, there] of texts.slice(i + 1)) {
      const across = Math.min(at.right, there.right) - Math.max(at.left, there.left);
      const down = Math.min(at.bottom, there.bottom) - Math.max(at.top, there.top);
      if (across > 2 && down > 4) found.push(`${name}: '${text.textContent}' lies upon '${other.textContent}'`);
    }
  });
}
for (const link of document.querySelectorAll('nav a'))
  if (!document.querySelector(link.getAttribute('href'))) found.push(`${link.href} leads nowhere`);
if (document.scripts.length) found.push('there is a script');
return found;
"""


def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def look(driver, page, name, window, scheme, folder):
    """Yields what is wrong with a page in one window and one colour scheme; leaves a picture of it."""
    width, height = WINDOWS[window]
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": window == "phone"})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    driver.get(page.as_uri())
    for entry in driver.get_log("browser"):
        yield f"console: {entry['message']}"
    if not driver.find_elements("css selector", "section h2"):
        yield "no section is there"
    yield from driver.execute_script(FINDINGS)
    picture = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png"})
    (folder / f"{name}_{window}_{scheme}.png").write_bytes(base64.b64decode(picture["data"]))


def main():
    neurone, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    driver = browser()
    try:
        for name, words in PAGES.items():
            model = folder / f"{name}.safetensors"
            subprocess.run([neurone, "train", *words, "--output", model, "--quiet"], cwd=ROOT, check=True,
                           stdout=subprocess.DEVNULL)
            page = model.with_suffix(".html")
            for window in WINDOWS:
                for scheme in ("light", "dark"):
                    for finding in look(driver, page, name, window, scheme, folder):
                        print(f"{page.name}, {window}, {scheme}: {finding}")
                        wrong += 1
            printed = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
            (folder / f"{name}.pdf").write_bytes(base64.b64decode(printed["data"]))
    finally:
        driver.quit()
    print(f"{len(PAGES)} pages, {2 * len(WINDOWS)} views of each: {wrong} findings; pictures in {folder}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
