import type { JSX } from "preact";
import { LANGUAGES, t, type Language } from "../words/words";
import type { ViewProps } from "./app";
import { Field, formValue } from "./parts";
import { Refused } from "./refused";

export function LanguagePick({ desk, state }: ViewProps): JSX.Element {
  return (
    <label class="language">
      <span>{t("language")}</span>
      <select value={state.language} onChange={(e) => void desk.speak(e.currentTarget.value as Language)}>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>{name}</option>
        ))}
      </select>
    </label>
  );
}

export function SignIn({ desk, state }: ViewProps): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void desk.signIn(formValue(form, "operator"), formValue(form, "passphrase"));
    form.querySelector<HTMLInputElement>("[name=passphrase]")!.value = "";
  };
  return (
    <main class="screen">
      <h1>Stillwire</h1>
      <form class="sheet" onSubmit={submit}>
        <h2>{t("sign-in")}</h2>
        {state.screen.is === "resume" && <p class="hint">{t("sign-in-again")}</p>}
        <Field label={t("operator-name")}>
          <input name="operator" required maxLength={64} autocomplete="off" spellcheck={false} dir="auto" autofocus />
        </Field>
        <Field label={t("passphrase")}>
          <input name="passphrase" type="password" required maxLength={1024} autocomplete="off" />
        </Field>
        <button class="primary" disabled={state.busy}>{t("sign-in")}</button>
      </form>
      <Refused desk={desk} state={state} />
      <LanguagePick desk={desk} state={state} />
    </main>
  );
}

export function NoSeat({ desk, state }: ViewProps): JSX.Element {
  return (
    <main class="screen">
      <h1>Stillwire</h1>
      <div class="sheet">
        <h2>{t("no-seat")}</h2>
        <p>{t("no-seat-why")}</p>
        <pre dir="ltr">stillwire desk</pre>
      </div>
      <LanguagePick desk={desk} state={state} />
    </main>
  );
}

export function Unlock({ desk, state }: ViewProps): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void desk.unlock(formValue(form, "passphrase"));
    form.reset();
  };
  return (
    <main class="screen">
      <h1>{t("state-LOCKED")}</h1>
      <form class="sheet" onSubmit={submit}>
        <p>{t("station-locked")}</p>
        <Field label={t("station-passphrase")}>
          <input name="passphrase" type="password" required maxLength={1024} autocomplete="off" autofocus />
        </Field>
        <button class="primary" disabled={state.busy}>{t("unlock")}</button>
      </form>
      <Refused desk={desk} state={state} />
      <LanguagePick desk={desk} state={state} />
    </main>
  );
}
