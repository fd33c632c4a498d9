#!/usr/bin/env python3
"""Opens the form of neurone serve in headless Chromium, as its users see it, and uses it.

Usage: check_form.py NEURONE FOLDER. Serves models of the project's tables and of images, opens the page wide and narrow,
light and dark, fills in a field, asks for predictions, leaves pictures in FOLDER, and checks what a browser alone can tell:
no message on its console, nothing wider than the window, an answer on the page, and the way past a token. Exits 1 when
something is wrong.
"""

import base64
import pathlib
import subprocess
import sys

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from check_page import ROOT, WINDOWS, browser

MODELS = {
    "classes": ["data/penguins/penguins.csv", "--target", "species"],
    "number": ["data/penguins/penguins.csv", "--target", "body_mass_g"],
}


def wait_for(driver, selector):
    return WebDriverWait(driver, 10).until(lambda found: found.find_elements(By.CSS_SELECTOR, selector))[0]


def use(driver, url, name, window, scheme, folder):
    """Yields what is wrong with the form of a model in one window and one colour scheme; leaves a picture of it."""
    width, height = WINDOWS[window]
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": window == "phone"})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    driver.get(url)
    wait_for(driver, "#fields label")
    for option in driver.find_elements(By.CSS_SELECTOR, "#model option"):
        if option.get_attribute("value") == name:
            option.click()
    field = wait_for(driver, '[data-column="bill_length_mm"]')
    field.clear()
    field.send_keys("99")
    driver.find_element(By.CSS_SELECTOR, "#row button.main").click()
    wait_for(driver, "#answer strong")
    if "above" not in driver.find_element(By.ID, "output").text:
        yield "a value beyond all of training is not said to be one"
    wider = driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider > 0:
        yield f"the page is {wider} pixels wider than the window"
    picture = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png"})
    (folder / f"form_{name}_{window}_{scheme}.png").write_bytes(base64.b64decode(picture["data"]))
    field.clear()
    field.send_keys("long")
    driver.find_element(By.CSS_SELECTOR, "#row button.main").click()
    WebDriverWait(driver, 10).until(lambda page: page.execute_script(
        "return document.getElementById('output').textContent.includes(\"expected a number, found 'long'\")"))
    for entry in driver.get_log("browser"):
        if " 422 " not in entry["message"]:
            yield f"console: {entry['message']}"


def unlock(driver, url):
    """Yields what is wrong on the way past the token."""
    driver.get(url)
    field = WebDriverWait(driver, 10).until(lambda d: d.find_element(By.ID, "token").is_displayed()
                                            and d.find_element(By.ID, "token"))
    field.send_keys("s3cret")
    driver.find_element(By.CSS_SELECTOR, "#key button").click()
    if not wait_for(driver, "#fields label").is_displayed():
        yield "the token does not open the form"
    driver.get_log("browser")  # the answer 401 is among the messages


def main():
    neurone, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    models = folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    (folder / "token").write_text("s3cret\n")
    for name, words in MODELS.items():
        subprocess.run([neurone, "train", *words, "--epochs", "20", "--report", "none", "--output",
                        models / f"{name}.safetensors"], cwd=ROOT, check=True, capture_output=True)
    findings = []
    driver = browser()
    servers = [subprocess.Popen([neurone, "serve", models, "--port", "0", "--log", "none", *more],
                                stdout=subprocess.PIPE, text=True) for more in ([], ["--token-file", folder / "token"])]
    try:
        open_url, locked_url = (server.stdout.readline().strip() for server in servers)
        for name in MODELS:
            for window in WINDOWS:
                for scheme in ("light", "dark"):
                    findings += [f"{name}, {window}, {scheme}: {finding}"
                                 for finding in use(driver, open_url, name, window, scheme, folder)]
        findings += [f"token: {finding}" for finding in unlock(driver, locked_url)]
    finally:
        driver.quit()
        for server in servers:
            server.terminate()
            server.wait()
    print("\n".join(findings + [f"the form of {len(MODELS)} models: {len(findings)} findings; pictures in {folder}"]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
