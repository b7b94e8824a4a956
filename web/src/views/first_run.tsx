import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ring } from "../api/sound";
import { practise } from "../desk_practice";
import type { Language } from "../words/words";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { About } from "./panels";
import { Field, formValue } from "./parts";
import { Refused } from "./refused";
import { LanguagePick } from "./sign_in";

export const PASSPHRASE_LEAST = 12;

/** The first person at a new station: what this is, who they are, whether they hear it. */
export function FirstRun({ desk, state }: ViewProps): JSX.Element {
  const [step, go] = useState(1);
  const [heard, hear] = useState(false);
  const [differ, tell] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const passphrase = formValue(form, "passphrase");
    tell(passphrase !== formValue(form, "again"));
    if (passphrase !== formValue(form, "again")) return;
    const language: Language = state.language;
    void desk.firstOperator({ name: formValue(form, "name").trim(), initials: formValue(form, "initials"), language, passphrase });
  };
  return (
    <main class="screen first-run">
      <h1>Stillwire</h1>
      <p class="step-of">{t("step", { step, of: 3 })}</p>
      {step === 1 && (
        <div class="sheet">
          <About />
          <p class="actions">
            <button type="button" class="primary" onClick={() => go(2)}>{t("go-on")}</button>
            <button type="button" onClick={() => practise(desk)}>{t("practise-says")}</button>
          </p>
        </div>
      )}
      {step === 2 && (
        <div class="sheet">
          <h2>{t("sound")}</h2>
          <p>{t("sound-says")}</p>
          <p class="actions">
            <button type="button" onClick={() => { ring(); hear(true); }}>{t("sound-test")}</button>
            <button type="button" class="primary" disabled={!heard} onClick={() => go(3)}>{t("sound-heard")}</button>
            <button type="button" class="quiet" onClick={() => go(3)}>{t("sound-not-heard")}</button>
          </p>
        </div>
      )}
      {step === 3 && (
        <form class="sheet" onSubmit={submit}>
          <h2>{t("first-operator")}</h2>
          <p class="hint">{t("first-operator-says")}</p>
          <Field label={t("operator-name")}><input name="name" required maxLength={64} autocomplete="off" dir="auto" autofocus /></Field>
          <Field label={t("initials")} hint={t("initials-hint")}>
            <input name="initials" required maxLength={4} pattern="[A-Za-z0-9]{1,4}" autocomplete="off" spellcheck={false} dir="ltr" />
          </Field>
          <Field label={t("passphrase")} hint={t("passphrase-hint")}>
            <input name="passphrase" type="password" required minLength={PASSPHRASE_LEAST} maxLength={1024} autocomplete="new-password" />
          </Field>
          <Field label={t("passphrase-again")}><input name="again" type="password" required maxLength={1024} autocomplete="new-password" /></Field>
          {differ && <p class="needs" role="alert">{t("passphrases-differ")}</p>}
          <button class="primary" disabled={state.busy}>{t("go-on")}</button>
        </form>
      )}
      <Refused desk={desk} state={state} />
      <LanguagePick desk={desk} state={state} />
    </main>
  );
}
