// A watch officer's browser: Debian's Chromium, one page, axe and screenshots.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LIMIT_MS = 15_000;

export function require(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

/** Its camera shows what a flow puts into camera.y4m of the folder. */
export async function launch(folder) {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
      "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${join(folder, "camera.y4m")}`],
  });
}

export class Officer {
  static async open(browser, { link, folder, name, width = 1440, height = 900, locale = "en-GB" }) {
    const context = await browser.newContext({ viewport: { width, height }, locale, timezoneId: "Europe/Helsinki", bypassCSP: false });
    context.setDefaultTimeout(LIMIT_MS);
    const officer = new Officer();
    Object.assign(officer, { context, folder, name, faults: [], page: await context.newPage() });
    officer.page.on("pageerror", (error) => officer.faults.push(String(error)));
    officer.page.on("console", (message) => {
      // What the page refuses to run or fails to parse; an answer of 4xx is the test's own doing.
      if (message.type() === "error" && !/Failed to load resource|WebSocket connection|ERR_/.test(message.text())) officer.faults.push(message.text());
    });
    await officer.page.goto(link);
    return officer;
  }

  /** No violation of WCAG 2.2 AA and of axe's good practice. */
  async axe(screen) {
    const { result } = await this.context.newCDPSession(this.page).then((s) => s.send("Runtime.evaluate", { expression: axeSource }));
    require(result !== undefined, "axe was not loaded");
    const found = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const rows = found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} (${n.failureSummary?.split("\n")[1]?.trim()})`));
    require(rows.length === 0, `${screen}: axe found ${rows.length}:\n  ${rows.slice(0, 12).join("\n  ")}`);
    this.axed = (this.axed ?? 0) + 1;
  }

  async shot(name) {
    await this.page.screenshot({ path: join(this.folder, `${this.name}-${name}.png`) });
  }

  /** Axe and a picture. */
  async seen(screen) {
    await this.axe(screen);
    await this.shot(screen);
  }

  async size(width, height) {
    await this.page.setViewportSize({ width, height });
    await this.page.waitForTimeout(150);
  }

  button(name) {
    return this.page.getByRole("button", { name });
  }

  async text(selector) {
    // Without the isolates that Fluent puts around what it inserts.
    return (await this.page.locator(selector).first().textContent()).replace(/[\u2066-\u2069]/g, "");
  }

  async until(what, condition, seconds = 15) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      if (await condition()) return;
      require(Date.now() < end, `${this.name}: waited ${seconds} s for ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  clean() {
    require(this.faults.length === 0, `${this.name}: the page complained: ${this.faults.join(" | ")}`);
  }
}
