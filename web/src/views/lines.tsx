import type { JSX } from "preact";
import type { Line, LineState, Message } from "../api/types";
import { practise } from "../desk_practice";
import { linesOf } from "../state/feed";
import { waiting } from "../state/message";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { Age, Clock, Name } from "./parts";
import { Strip } from "./strip";

const SHAPES: Record<LineState, string> = {
  OPEN: "M2 11h20v2H2z",
  LATE: "M2 11h8v2H2zM14 11h3v2h-3zM20 11h2v2h-2z",
  DOWN: "M4 2 12 10 20 2 22 4 14 12 22 20 20 22 12 14 4 22 2 20 10 12 2 4z",
  PAUSED: "M5 3h5v18H5zM14 3h5v18h-5z",
  LOCKED: "M4 10h3V7a5 5 0 0 1 10 0v3h3v12H4zM10 10h4V7a2 2 0 0 0-4 0z",
  UNKNOWN: "M2 2h20v20H2zM5 5v14h14V5zM9 9h6v6H9z",
};

export const Shape = ({ state }: { state: LineState }): JSX.Element => (
  <svg class="shape" viewBox="0 0 24 24" aria-hidden="true"><path d={SHAPES[state]} /></svg>
);

/** Whose fault, in plain words; the operator of a blamed relay by the venue's file. */
export function blameOf(line: Pick<Line, "blame" | "operator" | "state">, pairing: Line["pairing"]): string {
  if (pairing !== "confirmed") return t("pairing-unfinished");
  if (line.blame === "") return "";
  if (line.blame.startsWith("relay ")) {
    return t("blame-relay", { number: line.blame.slice(6), operator: line.operator ?? "", named: line.operator ? "yes" : "no" });
  }
  return t(`blame-${line.blame.replaceAll(" ", "-")}`);
}

export function Lines({ desk, state, now }: ViewProps & { now: number }): JSX.Element {
  const lines = linesOf(state.picture);
  const waits = waiting(state.picture.messages);
  return (
    <section class="lines-pane" aria-label={t("lines")}>
      <ul class="lines">
        {lines.map((line) => (
          <OneLine key={line.name} line={line} now={now} waits={waits.filter((m) => m.line === line.name)}
            chosen={line.name === state.line} choose={() => { desk.set({ wall: false }); desk.select(line.name); }} />
        ))}
      </ul>
      {lines.length === 0 && state.picture.status !== null && (
        <div class="empty">
          <p>{t("no-lines")}</p>
          <p class="actions">
            {desk.may("pair") && <button type="button" class="primary" onClick={() => desk.panel("pair")}>{t("pair-a-line")}</button>}
            <button type="button" onClick={() => practise(desk)}>{t("practise-says")}</button>
          </p>
        </div>
      )}
      {desk.may("pair") && lines.length > 0 && (
        <p class="lines-foot">
          <button type="button" class="quiet" onClick={() => desk.panel("pair")}>{t("pair-a-line")}</button>
        </p>
      )}
    </section>
  );
}

interface OneLineProps {
  line: Line;
  now: number;
  waits: Message[];
  chosen: boolean;
  choose: () => void;
}

function OneLine({ line, now, waits, chosen, choose }: OneLineProps): JSX.Element {
  const blame = blameOf(line, line.pairing);
  return (
    <li class={`line state-${line.state}${chosen ? " chosen" : ""}${waits.length > 0 ? " waits" : ""}`} onClick={choose}>
      <div class="line-head">
        <h2>
          <button type="button" aria-current={chosen} onClick={choose}><Name text={line.name} /></button>
        </h2>
        <span class="state"><Shape state={line.state} /> {t(`state-${line.state}`)}</span>
        <span class="since"><Age ms={line.age_ms} /></span>
      </div>
      {line.state !== "OPEN" && blame !== "" && <p class="blame">{blame}</p>}
      {line.continuity !== "whole" && <p class="blame">{t(`continuity-${line.continuity}`)}</p>}
      {line.their_store_full && <p class="blame">{t("their-store-full")}</p>}
      <div class="strip-row">
        <Strip strip={line.strip} rounds={line.rounds_opened} />
        <span class="counter" dir="ltr" title={t("rounds-opened")}>{line.rounds_opened}</span>
      </div>
      <dl class="signs">
        <div><dt>{t("machine")}</dt><dd><Age ms={line.machine_age_ms} /></dd></div>
        <div>
          <dt>{t("watch")}</dt>
          <dd>
            {line.watch.initials ? <b dir="ltr">{line.watch.initials}</b> : t("nobody")}
            {line.watch.answered_age_ms !== null && <> · {t("answered")} <Age ms={line.watch.answered_age_ms} /></>}
          </dd>
        </div>
        {line.venue !== "" && <div class="path">
          <dt>{t("path")}</dt>
          <dd><bdi>{line.venue === "direct" ? t("direct") : line.venue.slice(0, 8)}</bdi>
            {line.healed_rounds !== null && <> · {t("healed", { rounds: line.healed_rounds })}</>}</dd>
        </div>}
        {line.waiting > 0 && <div><dt>{t("sending")}</dt><dd>{line.waiting}</dd></div>}
      </dl>
      {waits.length > 0 && (
        <ul class="waits-list" aria-label={t("waits-for-us")}>
          {waits.slice(0, 3).map((m) => (
            <li key={m.id} class={`precedence-${m.precedence}`}>
              <span class="word">{m.kind === "drill" ? t("drill") : t(`precedence-${m.precedence}`)}</span>
              {m.mark !== "" && <span class="mark">{t(`mark-${m.mark}`)}</span>}
              {m.acknowledge_by_ms !== null && <Clock by={m.acknowledge_by_ms} now={now} precedence={m.precedence} />}
            </li>
          ))}
          {waits.length > 3 && <li class="more">{t("more", { count: waits.length - 3 })}</li>}
        </ul>
      )}
    </li>
  );
}
