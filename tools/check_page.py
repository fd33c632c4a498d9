#!/usr/bin/env python3
"""Opens the pages that neurone train and neurone explain write in headless Chromium, as readers see them.

Usage: check_page.py NEURONE FOLDER. Trains on tables of the project, opens each page wide and narrow, light and dark,
leaves pictures of all that and a PDF in FOLDER, and checks what a browser alone can tell: no message on its console,
nothing wider than the window, no text of a chart cut off or upon another, no link that leads nowhere or to what stays
hidden. Exits 1 when something is wrong.
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
# a page about a row of a model's table, and the unit whose sum is opened
EXPLAINED = {
    "row_of_classes": ("classes", ["--row", "31", "--backward"], "u8-1"),
    "row_of_a_number": ("number", ["--row", "7"], "u1-3"),
    "row_of_many_classes": ("many_classes", ["--row", "100", "--backward"], "u8-3"),
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
for (const link of document.querySelectorAll('a[href^="#"]'))
  if (!document.getElementById(link.hash.slice(1))) found.push(`${link.hash} leads nowhere`);
if (location.hash && !document.querySelector(':target')?.getBoundingClientRect().height)
  found.push(`${location.hash} does not show`);
if (document.scripts.length) found.push('there is a script');
return found;
"""


def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def look(driver, address, name, window, scheme, folder):
    """Yields what is wrong with a page in one window and one colour scheme; leaves a picture of it."""
    width, height = WINDOWS[window]
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": window == "phone"})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    driver.get(address)
    for entry in driver.get_log("browser"):
        yield f"console: {entry['message']}"
    if not driver.find_elements("css selector", "section h2"):
        yield "no section is there"
    yield from driver.execute_script(FINDINGS)
    picture = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png"})
    (folder / f"{name}_{window}_{scheme}.png").write_bytes(base64.b64decode(picture["data"]))


def view(driver, address, name, folder):
    """Looks at a page in all windows and schemes, leaves a PDF of it, and returns how many findings there were."""
    wrong = 0
    for window in WINDOWS:
        for scheme in ("light", "dark"):
            for finding in look(driver, address, name, window, scheme, folder):
                print(f"{name}, {window}, {scheme}: {finding}")
                wrong += 1
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    (folder / f"{name}.pdf").write_bytes(base64.b64decode(printed["data"]))
    return wrong


def main():
    neurone, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)

    def run(*words):
        subprocess.run([neurone, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    wrong = 0
    driver = browser()
    try:
        for name, words in PAGES.items():
            model = folder / f"{name}.safetensors"
            run("train", *words, "--output", model, "--quiet")
            wrong += view(driver, model.with_suffix(".html").as_uri(), name, folder)
        for name, (model, words, unit) in EXPLAINED.items():
            page = folder / f"{name}.html"
            run("explain", folder / f"{model}.safetensors", PAGES[model][0], *words, "--page", page)
            wrong += view(driver, page.as_uri(), name, folder)
            driver.get("about:blank")  # a page that is open would only be moved
            wrong += view(driver, f"{page.as_uri()}#{unit}", f"{name}_followed", folder)
    finally:
        driver.quit()
    pages = len(PAGES) + 2 * len(EXPLAINED)
    print(f"{pages} pages, {2 * len(WINDOWS)} views of each: {wrong} findings; pictures in {folder}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
