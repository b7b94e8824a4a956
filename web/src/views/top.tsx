import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import { acknowledge } from "../desk_messages";
import { practise } from "../desk_practice";
import { timeOf } from "../state/clock";
import { toRelease } from "../state/drafts";
import { waiting } from "../state/message";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { Clock, InPractice, localOffset, Name } from "./parts";

export function Top({ desk, state, now }: ViewProps & { now: number }): JSX.Element {
  const status = state.picture.status;
  const practising = useContext(InPractice);
  const waits = waiting(state.picture.messages);
  const first = waits[0];
  const operator = state.screen.is === "desk" ? state.screen.operator : null;
  const watch = status?.watch.initials ?? null;
  const releases = toRelease(state.kept, desk.initials(), desk.may("release"));
  const offset = localOffset(now);
  return (
    <header class="top">
      <h1><Name text={status?.party ?? "Stillwire"} /></h1>
      {now > 0 && (
        <p class="utc" dir="ltr">
          {timeOf(now)}<span class="unit">Z</span>
          {offset !== 0 && <span class="local"> {timeOf(now, offset, false)}</span>}
        </p>
      )}
      <p class={`watch-here${watch === null ? " nobody" : ""}`}>
        <button type="button" onClick={() => desk.panel("watch")}>
          <span>{t("watch")}:</span> {watch === null ? t("nobody") : <b dir="ltr">{watch}</b>}
          {status?.watch.taken_ms != null && <span class="since" dir="ltr">{timeOf(status.watch.taken_ms, 0, false)}Z</span>}
        </button>
      </p>
      <p class={`waits-here${first ? " some" : ""}`}>
        {first ? (
          <button type="button" onClick={() => void acknowledge(desk)} title="F2">
            {t("waits-for-us")}: <b>{waits.length}</b>{" "}
            {first.acknowledge_by_ms !== null && <Clock by={first.acknowledge_by_ms} now={now} precedence={first.precedence} />}
          </button>
        ) : (
          t("nothing-waits")
        )}
      </p>
      {releases.length > 0 && (
        <p class="waits-here some">
          <button type="button" onClick={() => { desk.set({ wall: false }); desk.select(releases[0]!.line); }}>{t("to-release", { count: releases.length })}</button>
        </p>
      )}
      {status && !status.carrier.connected && <p class="fault">{t("carrier-down")}</p>}
      {status?.store.full && <p class="fault">{t("store-full")}</p>}
      <nav class="tools" aria-label={t("tools")}>
        <button type="button" onClick={() => desk.set({ wall: !state.wall })} aria-pressed={state.wall}>{t("wall")} <kbd>F10</kbd></button>
        <button type="button" onClick={() => desk.set({ covered: true })}>{t("cover")} <kbd>F9</kbd></button>
        {desk.may("operators") && <button type="button" onClick={() => desk.panel("operators")}>{t("operators")}</button>}
        <button type="button" onClick={() => desk.panel("help")}>{t("keys")} <kbd>F1</kbd></button>
        {!practising && <button type="button" onClick={() => practise(desk)}>{t("practise")}</button>}
        {!practising && <button type="button" onClick={() => void desk.lock()}>{t("lock")} {operator && <b dir="ltr">{operator.initials}</b>}</button>}
        {!practising && desk.may("watch") && <button type="button" class="danger" onClick={() => desk.panel("panic")}>{t("panic")}</button>}
      </nav>
    </header>
  );
}
