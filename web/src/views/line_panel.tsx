import type { JSX } from "preact";
import type { Line } from "../api/types";
import { drill } from "../desk_watch";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { blameOf } from "./lines";
import { Age, Dialog, Name } from "./parts";
import { Refused } from "./refused";
import { Strip } from "./strip";

/** One line with all its venues, and the drill. */
export function LinePanel({ desk, state, line }: ViewProps & { line: Line }): JSX.Element {
  return (
    <Dialog title={t("line")} close={() => desk.panel(null)}>
      <p class={`big state-${line.state}`}><Name text={line.name} />: {t(`state-${line.state}`)} <Age ms={line.age_ms} /></p>
      {line.state !== "OPEN" && <p>{blameOf(line, line.pairing)}</p>}
      {line.state !== "OPEN" && line.detail !== "" && <p class="detail" lang="en" dir="ltr">{line.detail}</p>}
      <table class="legs">
        <caption>{t("path")}</caption>
        <tbody>
          {line.venues.map((leg) => (
            <tr key={leg.venue} class={`state-${leg.state}`}>
              <th scope="row"><bdi>{leg.venue === "direct" ? t("direct") : leg.venue.slice(0, 8)}</bdi></th>
              <td>{t(`state-${leg.state}`)}</td>
              <td><Strip strip={leg.strip} rounds={line.rounds_opened} /></td>
              <td>{leg.healed_rounds !== null && t("healed", { rounds: leg.healed_rounds })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {line.continuity_check && (
        <div class="needs">
          <p>{t("continuity-broken")}</p>
          <p class="check-number" dir="ltr">{line.continuity_check.join(" ")}</p>
        </div>
      )}
      {desk.may("drill") && (
        <>
          <p class="actions">
            <button type="button" onClick={() => void drill(desk, line.name).then((done) => done && desk.panel(null))}>{t("ring-them")}</button>
          </p>
          <p class="hint">{t("drill-says")}</p>
        </>
      )}
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}
