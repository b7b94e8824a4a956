// Practice: the desk as it is, on a line that is nowhere but in the page.
import { require } from "./browser.mjs";

const deed = (page, word) => page.locator(".far-deeds button", { hasText: word });

/** Begins on the first screen; leaves for it again. Nothing of it is a call. */
export async function practiseFirst(officer) {
  const { page } = officer;
  await page.locator(".first-run .actions button:not(.primary)").click();
  await page.locator(".practising .line.state-OPEN").waitFor();
  await page.locator(".practice-band > .primary").click();
  await page.locator(".first-run").waitFor();
}

async function practised(north) {
  const { page } = north;
  await page.locator(".tools button", { hasText: "Practise" }).click();
  await page.locator(".practising .line.state-OPEN").waitFor();
  for (const word of ["Lock", "Panic", "Operators", "Practise"]) require((await page.locator(".tools button", { hasText: word }).count()) === 0, `${word} is not for practice`);
  require((await page.locator(".lines-foot").count()) === 0, "nothing is paired in practice");
  await page.locator(".watch-here button").click();
  await page.locator("dialog .practice-word").waitFor();
  await page.locator("dialog .primary").click();
  await north.axe("practice-watch");
  await north.button("Hand-over sheet").click();
  await page.fill("dialog [name=initials]", "QQ");
  await page.locator("dialog .primary").click();
  await page.locator(".watch-here", { hasText: "QQ" }).waitFor();

  await page.keyboard.press("F4");
  await page.fill("#text", "A sentence of practice.");
  await page.keyboard.press("Control+Enter");
  await page.locator(".row.out", { hasText: "stored" }).waitFor();
  await deed(page, "answers").click();
  await page.locator(".row.in .mark").waitFor();
  await page.locator(".row.out", { hasText: "answered" }).waitFor();
  await page.keyboard.press("F2");
  await page.locator(".stages tr", { hasText: "read" }).waitFor();

  await deed(page, "FLASH").click();
  await page.locator(".waits-list .precedence-flash").waitFor();
  await deed(page, "rings").click();
  await page.locator(".waits-list li", { hasText: "DRILL" }).waitFor();
  await north.seen("practice-flash");
  await page.keyboard.press("F8");
  await page.keyboard.press("F2");
  await north.until("nothing to wait", async () => (await page.locator(".waits-here.some").count()) === 0);

  await deed(page, "delays").click();
  await page.locator(".line.state-LATE").waitFor();
  await deed(page, "drops").click();
  await page.locator(".line.state-DOWN").waitFor();
  await north.size(1920, 1080);
  await page.keyboard.press("F10");
  await north.seen("practice-wall");
  await page.keyboard.press("F10");
  await north.size(390, 844);
  await north.seen("practice-narrow");
  await north.size(1440, 900);
  await deed(page, "drops").click();
  await page.locator(".line.state-OPEN").waitFor();
}

export async function practice({ north, south }) {
  const { page } = north;
  const calls = [];
  const hear = (request) => {
    if (/\/api\/v1\//.test(request.url()) && !/seat\/here$/.test(request.url())) calls.push(request.url());
  };
  const lines = await north.text(".line h2");
  await page.locator(".row").first().waitFor({ timeout: 2_000 }).catch(() => {});
  page.on("request", hear);
  await practised(north);
  page.off("request", hear);
  require(calls.length === 0, `practice called the station: ${calls.join(" ")}`);
  await page.locator(".practice-band > .primary").click();
  await page.locator(".room:not(.practising) .line").first().waitFor();
  require((await north.text(".line h2")) === lines, "the real lines are there again");
  require(!(await page.content()).includes("A sentence of practice"), "nothing of it is left");

  await south.page.locator(".tools button", { hasText: south.practise }).click();
  await south.page.locator(".practising .line.state-OPEN").waitFor();
  await south.page.locator(".far-deeds button").last().click();
  await south.page.locator(".waits-list .precedence-flash").waitFor();
  await south.seen("practice");
  await south.page.locator(".practice-band > .primary").click();
  await south.page.locator(".practising").waitFor({ state: "detached" });
}
