// Small things that many views show.
import type { ComponentChildren, JSX } from "preact";
import { createContext } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import { countdown, dayOf, span, timeOf, urgency } from "../state/clock";
import { CLOCKS_MS } from "../state/compose";
import { oneLine, visible } from "../state/hostile";
import type { Precedence } from "../api/types";
import { t } from "../words/words";

export const localOffset = (ms: number): number => -new Date(ms).getTimezoneOffset();

export function Age({ ms }: { ms: number | null }): JSX.Element {
  if (ms === null) return <span>{t("never")}</span>;
  const { unit, count } = span(ms);
  return <span class="age">{t(`age-${unit}`, { count })}</span>;
}

/** UTC with local beside it. */
export function Time({ ms, day = false }: { ms: number; day?: boolean }): JSX.Element {
  const offset = localOffset(ms);
  return (
    <time class="time" dir="ltr" dateTime={new Date(ms).toISOString()}>
      {day && `${dayOf(ms)} `}
      {timeOf(ms)}
      <span class="unit">Z</span>
      {offset !== 0 && (
        <span class="local">
          {" "}
          {day && dayOf(ms, offset) !== dayOf(ms) ? `${dayOf(ms, offset)} ` : ""}
          {timeOf(ms, offset, false)}
        </span>
      )}
    </time>
  );
}

/** What is left of a clock that runs against somebody. */
export function Clock({ by, now, precedence }: { by: number; now: number; precedence: Precedence }): JSX.Element {
  const left = by - now;
  const how = urgency(left, CLOCKS_MS[precedence]);
  return (
    <span class={`clock clock-${how}`} dir="ltr">
      {countdown(left)}
    </span>
  );
}

/** Text from outside: plain, what hides made visible, of bounded length. */
export function Hostile({ text, limit }: { text: string; limit?: number }): JSX.Element {
  const { pieces, cut } = visible(text, limit);
  return (
    <>
      {pieces.map((p, i) => (p.hidden ? <span key={i} class="hidden-character" dir="ltr">{p.text}</span> : p.text))}
      {cut > 0 && <span class="cut"> {t("cut", { count: cut })}</span>}
    </>
  );
}

/** A name from a person or from outside, in one line and isolated. */
export const Name = ({ text }: { text: string }): JSX.Element => <bdi>{oneLine(text, 64)}</bdi>;

/** Is what is shown the present? What is old cannot be pressed. */
export const Live = createContext(true);

/** Is this the practice? Then everything says so that lies over its band. */
export const InPractice = createContext(false);

export function Dialog(props: { title: string; close: () => void; children: ComponentChildren; class?: string }): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const live = useContext(Live);
  // One that another took the place of says that it was closed when it is gone; that closes nothing.
  const closed = (): void => void (ref.current && props.close());
  const practising = useContext(InPractice);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={ref} class={props.class} aria-label={props.title} onClose={closed} onCancel={closed}>
      <header>
        <h2>{props.title}</h2>
        {practising && <strong class="practice-word">{t("practice")}</strong>}
        <button type="button" class="quiet" onClick={props.close}>
          {t("close")}
        </button>
      </header>
      <div class="dialog-body" inert={!live}>{props.children}</div>
    </dialog>
  );
}

/** A label above its field. */
export function Field(props: { label: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return (
    <label class="field">
      <span>{props.label}</span>
      {props.children}
      {props.hint && <small>{props.hint}</small>}
    </label>
  );
}

export const formValue = (form: HTMLFormElement, name: string): string => String(new FormData(form).get(name) ?? "");
