import type { JSX } from "preact";
import { dummyAt } from "../state/dummy";
import { timeOf } from "../state/clock";
import { t } from "../words/words";
import { Shape } from "./lines";
import { Age } from "./parts";
import { Strip } from "./strip";
import { useTick } from "./tick";

/** What a passer-by may see: the look of an idle dummy line, made of nothing but the time. */
export function Cover({ now }: { now: number }): JSX.Element {
  const at = Math.max(now, useTick());
  const dummy = dummyAt(at);
  return (
    <div class="room view-wall cover">
      <header class="top">
        <h1>Stillwire</h1>
        <p class="utc" dir="ltr">{timeOf(at)}<span class="unit">Z</span></p>
      </header>
      <main>
        <ul class="lines" aria-label={t("lines")}>
          <li class="line state-OPEN">
            <div class="line-head">
              <h2><bdi>{t("dummy-line")}</bdi></h2>
              <span class="state"><Shape state="OPEN" /> {t("state-OPEN")}</span>
              <span class="since"><Age ms={0} /></span>
            </div>
            <div class="strip-row">
              <Strip strip={dummy.strip} rounds={dummy.rounds} />
              <span class="counter" dir="ltr">{dummy.rounds}</span>
            </div>
            <dl class="signs">
              <div><dt>{t("machine")}</dt><dd><Age ms={0} /></dd></div>
              <div><dt>{t("watch")}</dt><dd>{t("nobody")}</dd></div>
              <div><dt>{t("path")}</dt><dd>{t("direct")}</dd></div>
            </dl>
          </li>
        </ul>
      </main>
    </div>
  );
}
