import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { CardCode, TheirCard } from "./card";
import { Dialog, Field, formValue, Name } from "./parts";
import { Refused } from "./refused";

type Step = { is: "offer" } | { is: "card"; line: string; card: string } | { is: "check"; line: string; groups: string[] } | { is: "done"; line: string };

/** Pairing as the two sides do it in person: my card, their card, the check number read aloud. */
export function PairPanel({ desk, state }: ViewProps): JSX.Element {
  const [step, move] = useState<Step>({ is: "offer" });
  return (
    <Dialog title={t("pair-a-line")} close={() => desk.panel(null)} class="pair">
      <ol class="steps" aria-hidden="true">
        {(["offer", "card", "check", "done"] as const).map((is, i) => <li key={is} class={is === step.is ? "on" : ""}>{i + 1}</li>)}
      </ol>
      {step.is === "offer" && <Offer desk={desk} move={move} />}
      {step.is === "card" && <Card desk={desk} step={step} move={move} />}
      {step.is === "check" && <Check desk={desk} step={step} move={move} />}
      {step.is === "done" && <p class="big" role="status">{t("paired")} <Name text={step.line} /></p>}
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}

interface StepProps {
  desk: ViewProps["desk"];
  move: (step: Step) => void;
}

function Offer({ desk, move }: StepProps): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const line = formValue(form, "line").trim();
    const at = formValue(form, "at").split(/[\s,]+/).filter(Boolean);
    const venues = formValue(form, "venue").split(/[\s,]+/).filter(Boolean);
    const body = { line, ...(at.length > 0 ? { at } : {}), ...(venues.length > 0 ? { venues } : {}), ...(formValue(form, "replace") ? { replace: true } : {}) };
    void desk.try(async () => move({ is: "card", line, card: (await desk.call<{ card: string }>("POST", "pair/offer", body)).card }));
  };
  return (
    <form class="sheet-form" onSubmit={submit}>
      <p>{t("pair-offer-says")}</p>
      <Field label={t("line-name")}><input name="line" required maxLength={64} autocomplete="off" dir="auto" autofocus /></Field>
      <Field label={t("pair-at")} hint={t("pair-at-hint")}><input name="at" autocomplete="off" spellcheck={false} dir="ltr" placeholder="192.0.2.1:7144" /></Field>
      <Field label={t("pair-venue")} hint={t("pair-venue-hint")}><input name="venue" autocomplete="off" spellcheck={false} dir="ltr" /></Field>
      <label class="check"><input type="checkbox" name="replace" value="yes" /> {t("pair-replace")}</label>
      <button class="primary">{t("make-card")}</button>
    </form>
  );
}

/** A file on this machine, under a name that says nothing. */
function saveText(text: string): void {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "stillwire.card";
  link.click();
  URL.revokeObjectURL(url);
}

function Card({ desk, step, move }: StepProps & { step: { line: string; card: string } }): JSX.Element {
  const [theirs, set] = useState("");
  const accept = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.try(async () => {
      const { check } = await desk.call<{ check: string[] }>("POST", "pair/accept", { line: step.line, card: theirs.trim() });
      move({ is: "check", line: step.line, groups: check });
    });
  };
  return (
    <form class="sheet-form" onSubmit={accept}>
      <p>{t("pair-card-says")}</p>
      <div class="own-card">
        <CardCode card={step.card} />
        <div>
          <Field label={t("my-card")}><textarea class="card" readOnly rows={5} value={step.card} dir="ltr" onFocus={(e) => e.currentTarget.select()} /></Field>
          <p class="actions"><button type="button" onClick={() => saveText(step.card)}>{t("save-file")}</button></p>
        </div>
      </div>
      <Field label={t("their-card")}>
        <textarea class="card theirs" required rows={3} value={theirs} dir="ltr" spellcheck={false} onInput={(e) => set(e.currentTarget.value)} />
      </Field>
      <TheirCard take={set} />
      <button class="primary">{t("take-card")}</button>
    </form>
  );
}

function Check({ desk, step, move }: StepProps & { step: { line: string; groups: string[] } }): JSX.Element {
  useEffect(() => document.getElementById("check-number")?.focus(), []);
  const say = (what: "confirm" | "cancel"): void =>
    void desk.try(async () => {
      await desk.call("POST", `pair/${what}`, { line: step.line });
      if (what === "confirm") move({ is: "done", line: step.line });
      else desk.panel(null);
    });
  return (
    <div class="sheet-form">
      <p>{t("check-says")}</p>
      <p class="check-number" id="check-number" tabIndex={-1} dir="ltr">{step.groups.map((g) => <span key={g}>{g}</span>)}</p>
      <p class="actions">
        <button type="button" class="primary" onClick={() => say("confirm")}>{t("check-same")}</button>
        <button type="button" class="danger" onClick={() => say("cancel")}>{t("check-differs")}</button>
      </p>
    </div>
  );
}
