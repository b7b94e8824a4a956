// What people do at two desks, in the order of a day. Each flow takes { north, south, lab }.
import { execFileSync } from "node:child_process";
import { Officer, require } from "./browser.mjs";
import { practiseFirst } from "./flows_practice.mjs";

export const PASSPHRASE = "a passphrase for this desk";
export const BIDI = "\u202Egnorw si siht\u202C <script>document.title='x'</script> <a href=\"//example.org\">x</a>";

const cli = (lab, party, ...args) => execFileSync(lab.binary, ["--home", party.home, ...args, "--json"], { encoding: "utf8" });
const setOf = (page) => page.evaluate(() => [document.title, location.href.replace(location.origin, ""), document.querySelector("link[rel=icon]").href.replace(location.origin, ""), Object.keys(localStorage).length + Object.keys(sessionStorage).length]);

export async function firstRun(officer, initials, language) {
  const { page } = officer;
  await page.locator(".first-run").waitFor();
  require((await setOf(page))[1] === "/", "the secret left the address bar");
  if (language) await page.locator("select").selectOption(language);
  await officer.seen("first-run-1");
  await practiseFirst(officer);
  await page.locator(".sheet .primary").click();
  await page.locator(".sheet button").first().click(); // the sound test
  await officer.axe("first-run-2");
  await page.locator(".sheet .primary").click();
  await page.fill("[name=name]", `Officer ${initials}`);
  await page.fill("[name=initials]", initials);
  await page.fill("[name=passphrase]", PASSPHRASE);
  await page.fill("[name=again]", "another passphrase than that");
  await page.locator(".sheet .primary").click();
  await page.locator(".sheet [role=alert]").waitFor();
  await officer.seen("first-run-3");
  await page.fill("[name=passphrase]", PASSPHRASE);
  await page.fill("[name=again]", PASSPHRASE);
  await page.locator(".sheet .primary").click();
  await page.locator(".room .line").first().waitFor();
}

/** Another seat at the same station. */
export const anotherLink = (party, lab) => party.another ?? JSON.parse(cli(lab, party, "desk")).link;

export async function operators({ north }) {
  const { page } = north;
  await page.locator(".tools button", { hasText: "Operators" }).click();
  await page.locator(".operators td", { hasText: "AB" }).waitFor();
  for (const [initials, role] of [["RR", "releaser"], ["II", "interpreter"], ["OO", "officer"]]) {
    await page.fill("dialog [name=name]", `Officer ${initials}`);
    await page.fill("dialog [name=initials]", initials);
    await page.selectOption("dialog [name=role]", role);
    await page.fill("dialog [name=passphrase]", PASSPHRASE);
    await page.locator("dialog .primary").click();
    await page.locator(".operators td", { hasText: initials }).waitFor();
  }
  await north.seen("operators");
  await page.locator("dialog > header button").click();
}

/** A second person at a second seat sees what their role offers, and no more. */
export async function secondSeat({ north, lab, browser }) {
  const second = await Officer.open(browser, { link: anotherLink(lab.parties[0], lab), folder: north.folder, name: "second" });
  await second.page.locator("form.sheet").waitFor();
  await signIn(second, "II");
  await second.page.locator(".room .line").first().waitFor();
  require((await second.page.locator(".composer").count()) === 0, "an interpreter writes no message");
  require((await second.page.locator(".lines-foot").count()) === 0, "an interpreter pairs no line");
  await second.seen("interpreter");
  second.clean();
  await second.context.close();
  require((await north.page.locator(".not-live").count()) === 0, "the first seat goes on");
}

export async function signIn(officer, initials, passphrase = PASSPHRASE) {
  await officer.page.fill("[name=operator]", `Officer ${initials}`);
  await officer.page.fill("[name=passphrase]", passphrase);
  await officer.page.locator(".sheet .primary").click();
}

export async function reload({ north }) {
  await north.page.reload();
  await north.page.locator("form.sheet").waitFor();
  await north.seen("sign-in");
  await signIn(north, "AB", "the wrong passphrase, I think");
  await north.page.locator(".refused").waitFor();
  await north.axe("sign-in-refused");
  await signIn(north, "AB");
  await north.page.locator(".room .line").first().waitFor();
}

/** Changed in the help panel; the old one signs nobody in any more. */
export async function ownPassphrase({ north }) {
  const { page } = north;
  const change = async (old, next) => {
    await page.keyboard.press("F1");
    await page.locator("dialog .actions button", { hasText: "Change my passphrase" }).click();
    await page.fill("dialog [name=old]", old);
    await page.fill("dialog [name=passphrase]", next);
    await page.fill("dialog [name=again]", next);
    await page.locator("dialog .primary").click();
  };
  const next = `${PASSPHRASE}, another`;
  await change("the wrong passphrase, I think", next);
  await page.locator("dialog .refused").waitFor();
  await north.seen("passphrase");
  await page.locator("dialog > header button").click();
  await change(PASSPHRASE, next);
  await page.locator("dialog").waitFor({ state: "detached" });
  require((await page.locator(".not-live").count()) === 0, "the seat goes on");
  await page.locator(".tools button", { hasText: "Lock" }).click();
  await page.locator("form.sheet").waitFor();
  await signIn(north, "AB");
  await page.locator(".refused").waitFor();
  await signIn(north, "AB", next);
  await page.locator(".room .line").first().waitFor();
  await change(next, PASSPHRASE);
  await page.locator("dialog").waitFor({ state: "detached" });
}

export async function glance({ north, south, lab }) {
  for (const [officer, party] of [[north, lab.parties[0]], [south, lab.parties[1]]]) {
    await officer.until("the line open", async () => (await officer.page.locator(".line.state-OPEN").count()) === 1);
    require((await officer.text(".line h2")) === party.line, "the line's name");
    const counter = await officer.text(".line .counter");
    await officer.until("the counter to move", async () => (await officer.text(".line .counter")) !== counter, 4);
    require((await officer.text(".watch-here")).includes("nobody") || officer === south, "nobody has the watch at first");
  }
  await north.seen("glance-desk");
  await north.size(1920, 1080);
  await north.page.keyboard.press("F10");
  await north.page.locator(".view-wall").waitFor();
  await north.seen("glance-wall");
  await north.page.keyboard.press("F10");
  await north.size(390, 844);
  await north.button("Back").click();
  await north.seen("glance-narrow");
  await north.page.locator(".line h2 button").click();
  await north.axe("list-narrow");
  await north.size(1440, 900);
}

export async function watch({ north, south }) {
  for (const officer of [north, south]) {
    await officer.page.locator(".watch-here button").click();
    await officer.page.locator("dialog .primary").click();
    await officer.until("the watch", async () => (await officer.text(".watch-here")).includes(officer.initials));
    if (officer === north) await officer.seen("watch");
    await officer.page.locator("dialog header button").click();
  }
  await north.until("their watch here", async () => (await north.text(".line .signs")).includes(south.initials));
}

export async function write(officer, text, { precedence, grade, exercise } = {}) {
  const { page } = officer;
  await page.keyboard.press("F4");
  await page.fill("#text", text);
  if (precedence) await page.check(`[name=precedence][value=${precedence}]`);
  if (grade) await page.check(`[name=grade][value=${grade}]`);
  if (exercise) await page.locator(".settings .check input").check();
}

export async function talk({ north, south }) {
  await write(north, "We are here.\nIs anybody there?");
  require(/1/.test(await north.text(".measures")), "the length in cells");
  await north.page.locator(".measures time").waitFor();
  await north.seen("composer-talk");
  await write(north, "We are here.\nIs anybody there?", { exercise: true, grade: "note" });
  await north.seen("composer-note-exercise");
  await write(north, "We are here.\nIs anybody there?", { grade: "talk" });
  await north.page.locator(".settings .check input").uncheck();
  await north.page.keyboard.press("Control+Enter");
  await north.until("the composer to be empty", async () => (await north.page.inputValue("#text")) === "");
  await south.page.locator(".row.in").waitFor();
  await write(south, "نعم، نحن هنا.", { precedence: "immediate" });
  await south.page.locator(".composer .primary").click();
  await north.page.locator(".row.in .preview", { hasText: "نحن هنا" }).waitFor();
}

export async function acknowledge({ north, south }) {
  await north.until("its clock", async () => (await north.page.locator(".waits-here .clock").count()) === 1);
  await north.page.locator(".line h2 button").focus(); // from anywhere
  await north.page.keyboard.press("F2");
  await north.page.locator(".one-message .text", { hasText: "نحن هنا" }).waitFor();
  await north.page.locator(".stages tr", { hasText: "read" }).waitFor();
  await north.until("nothing to wait", async () => (await north.page.locator(".waits-here.some").count()) === 0);
  require((await north.page.locator(".one-message .text").getAttribute("dir")) === "auto", "a text has its own direction");
  await south.page.locator(".row.out", { hasText: "AB" }).waitFor();
  await south.page.keyboard.press("F2");
  await south.page.locator(".one-message .text", { hasText: "Is anybody there?" }).waitFor();

  await north.button(/Hand to a post/).click();
  await north.page.fill("[name=post]", "Adviser");
  await north.axe("post");
  await north.page.locator("dialog form button").click();
  await north.page.locator(".stages tr", { hasText: "Adviser" }).waitFor();
  await south.page.locator(".row.out > button").click();
  await south.page.locator(".stages tr.there", { hasText: "Adviser" }).waitFor();
  await south.page.locator(".row.in > button").click();
  await south.page.locator(".one-message .actions button", { hasText: south.notNow }).click();
  await north.page.locator(".row.out", { hasText: "not now" }).waitFor();
  await north.seen("message");
  await south.seen("message");
}

export async function flash({ north, south, lab }) {
  const { binary, parties } = lab;
  const send = ["--home", parties[1].home, "send", parties[1].line, "--precedence", "flash", "--exercise", "--file", "-"];
  execFileSync(binary, send, { input: "FLASH " + BIDI });
  await north.page.locator(".waits-list .precedence-flash").waitFor();
  await north.seen("flash-waits");
  await north.page.keyboard.press("F2");
  await north.page.locator(".one-message .hidden-character", { hasText: "U+202E" }).waitFor();
  require((await north.page.locator(".one-message .text script, .one-message .text a").count()) === 0, "hostile text is text");
  await north.page.locator(".one-message .mark").waitFor();
  await north.seen("flash-hostile");
}

export async function drill({ north, south }) {
  await north.page.locator(".list-pane > header button", { hasText: "Details" }).click();
  await north.seen("line-details");
  await north.page.locator("dialog .actions button").click();
  await south.page.locator(".waits-list li").waitFor();
  await south.page.keyboard.press("F8");
  await north.page.locator(".row.out", { hasText: "DRILL" }).filter({ hasText: "answered" }).waitFor();
  await north.page.locator(".watch-here button").click();
  await north.button("Hand-over sheet").click();
  await north.page.locator("dialog .watch-sheet").waitFor();
  await north.page.fill("dialog [name=initials]", "CD");
  await north.page.locator("dialog form button").click();
  await south.until("their hand-over here", async () => (await south.text(".line .signs")).includes("CD"));
}

export async function notLive({ north, lab }) {
  const { page } = north;
  const pid = lab.parties[0].station;
  await page.fill("#text", "Written while the station was gone.");
  await page.locator(".watch-here button").click(); // with a dialog open, too
  process.kill(pid, "SIGSTOP");
  try {
    const from = Date.now();
    await page.locator(".not-live").waitFor({ timeout: 4_000 });
    require(Date.now() - from <= 2_600, `SCREEN NOT LIVE took ${Date.now() - from} ms`);
    require(await page.locator(".room > main").evaluate((e) => e.inert), "what is old cannot be pressed");
    require(await page.locator(".dialog-body").evaluate((e) => e.inert), "nor in a dialog");
    const top = await page.evaluate(() => document.querySelector(".not-live").matches(":popover-open"));
    require(top, "it is in the top layer, over the dialog");
    require((await north.text(".not-live")).includes("SCREEN NOT LIVE"), "the words");
    await north.seen("not-live");
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await page.locator(".not-live").waitFor({ state: "detached", timeout: 8_000 });
  await page.locator("dialog header button").click();
  require((await page.inputValue("#text")) === "Written while the station was gone.", "the text is still there");
}

/** The answer of a send is lost; the page asks again and there is one message. */
export async function lostSend({ north, lab }) {
  const { page } = north;
  const count = () => JSON.parse(cli(lab, lab.parties[0], "inbox", lab.parties[0].line)).messages.filter((m) => m.direction === "out" && m.kind === "text").length;
  const before = count();
  let lost = 0;
  await page.route("**/api/v1/messages", async (route) => {
    if (route.request().method() === "POST" && lost++ === 0) {
      await route.fetch();
      await route.abort("connectionreset");
    } else {
      await route.continue();
    }
  });
  await page.fill("#text", "Written while the station was gone.");
  await page.keyboard.press("Control+Enter");
  await page.locator(".lost").waitFor();
  require(!(await page.locator("#text").isEditable()), "a text on its way does not change");
  await north.until("the send to be answered", async () => (await page.inputValue("#text")) === "");
  await page.unroute("**/api/v1/messages");
  require(lost >= 2 && count() === before + 1, `sent ${count() - before} times`);
}

export async function cover({ north }) {
  const { page } = north;
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.locator(".cover").waitFor();
  const shown = await page.locator("#desk").textContent();
  require(!/far-south|We are here|North/.test(shown), `the cover shows nothing of ours: ${shown}`);
  await north.seen("cover");
  await page.waitForTimeout(700);
  await page.keyboard.press("F9");
  await page.locator(".room:not(.cover)").waitFor();
  await page.keyboard.press("F1");
  await north.seen("keys");
  await page.keyboard.press("F1");
  await page.locator(".tools .danger").click();
  await page.fill("[name=word]", "no");
  await page.locator("dialog .danger").click();
  require((await page.inputValue("[name=word]")) === "", "panic needs its word");
  await north.seen("panic");
  await page.locator("dialog header button").click();
}

export async function pairing({ north }) {
  const { page } = north;
  await page.locator(".lines-foot button").click();
  await page.fill("dialog [name=line]", "spare");
  await page.fill("dialog [name=at]", "127.0.0.1:7144");
  await north.axe("pair-offer");
  await page.locator("dialog .primary").click();
  await page.locator("dialog .card").first().waitFor();
  require((await page.inputValue("dialog .card >> nth=0")).startsWith("SW1-CARD:"), "my card");
  await north.seen("pair-card");
  await page.fill("dialog .theirs", "SW1-CARD:nonsense");
  await page.locator("dialog .primary").click();
  await page.locator("dialog .refused").waitFor();
  await page.locator("dialog > header button").click();
  await page.locator(".line.state-UNKNOWN").waitFor();
  await north.seen("two-lines");
}

export async function locks({ north, lab }) {
  const before = await setOf(north.page);
  require(before.join() === ["Stillwire", "/", "/icon.svg", 0].join(), `title, address, icon, storage: ${before}`);
  await north.page.locator(".tools button", { hasText: "Lock" }).click();
  await north.page.locator("form.sheet").waitFor();
  require(!(await north.page.content()).includes("We are here"), "a locked page holds no text");
  await signIn(north, "AB");
  await north.page.locator(".room .line").first().waitFor();
}
