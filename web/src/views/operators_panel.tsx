import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { path } from "../api/call";
import type { Operator, Role } from "../api/types";
import { linesOf } from "../state/feed";
import { LANGUAGES, t, type Language } from "../words/words";
import type { ViewProps } from "./app";
import { Dialog, Field, formValue, Name } from "./parts";
import { Refused } from "./refused";

const ROLES: Role[] = ["officer", "releaser", "interpreter", "principal", "archivist", "admin"];

/** Who works here: each with a role, a language and the lines that exist for them. */
export function OperatorsPanel({ desk, state }: ViewProps): JSX.Element {
  const [operators, set] = useState<Operator[]>([]);
  const [chosen, choose] = useState<Operator | null>(null);
  const fetchAll = (): Promise<boolean> => desk.try(async () => set((await desk.call<{ operators: Operator[] }>("GET", "operators")).operators));
  useEffect(() => void fetchAll(), []);
  const mine = state.screen.is === "desk" ? state.screen.operator.name : "";
  const remove = (name: string): void => void desk.try(() => desk.call("POST", path("operators", name, "remove"), {})).then((done) => done && (choose(null), fetchAll()));
  return (
    <Dialog title={t("operators")} close={() => desk.panel(null)}>
      <table class="operators">
        <thead>
          <tr><th scope="col">{t("operator-name")}</th><th scope="col">{t("initials")}</th><th scope="col">{t("role")}</th><th scope="col">{t("lines")}</th></tr>
        </thead>
        <tbody>
          {operators.map((o) => (
            <tr key={o.name}>
              <th scope="row"><button type="button" class="quiet" onClick={() => choose(o)}><Name text={o.name} /></button></th>
              <td><b dir="ltr">{o.initials}</b></td>
              <td>{t(`role-${o.role}`)}</td>
              <td>{o.lines === null ? t("every-line") : o.lines.map((l) => <span key={l} class="line-name"><Name text={l} /></span>)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <OperatorForm key={chosen?.name ?? ""} desk={desk} state={state} operator={chosen} done={() => { choose(null); void fetchAll(); }} />
      {chosen && (
        <p class="actions">
          {chosen.name !== mine && <button type="button" class="danger" onClick={() => remove(chosen.name)}>{t("remove-operator", { name: chosen.name })}</button>}
          <button type="button" class="quiet" onClick={() => choose(null)}>{t("back-to-new")}</button>
        </p>
      )}
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}

function OperatorForm({ desk, state, operator, done }: ViewProps & { operator: Operator | null; done: () => void }): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const some = new FormData(form).getAll("line").map(String);
    const passphrase = formValue(form, "passphrase");
    const body = {
      initials: formValue(form, "initials"),
      role: formValue(form, "role"),
      language: formValue(form, "language"),
      lines: formValue(form, "every") ? null : some,
      ...(passphrase === "" ? {} : { passphrase }),
    };
    const route = operator ? path("operators", operator.name, "change") : "operators";
    void desk.try(() => desk.call("POST", route, operator ? body : { ...body, name: formValue(form, "name").trim() })).then((good) => {
      if (!good) return;
      form.reset();
      done();
    });
  };
  return (
    <form class="sheet-form" onSubmit={submit}>
      <h3>{operator ? <Name text={operator.name} /> : t("new-operator")}</h3>
      {operator && <p class="hint">{t("change-ends-seats")}</p>}
      <div class="row-form">
        {!operator && <Field label={t("operator-name")}><input name="name" required maxLength={64} autocomplete="off" dir="auto" /></Field>}
        <Field label={t("initials")}>
          <input name="initials" required maxLength={4} pattern="[A-Za-z0-9]{1,4}" autocomplete="off" spellcheck={false} dir="ltr" defaultValue={operator?.initials ?? ""} />
        </Field>
        <Field label={t("role")}>
          <select name="role" defaultValue={operator?.role ?? "officer"}>
            {ROLES.map((r) => <option key={r} value={r} selected={r === (operator?.role ?? "officer")}>{t(`role-${r}`)}</option>)}
          </select>
        </Field>
        <Field label={t("language")}>
          <select name="language">
            {(Object.keys(LANGUAGES) as Language[]).map((l) => <option key={l} value={l} lang={l} selected={l === (operator?.language ?? state.language)}>{LANGUAGES[l]}</option>)}
          </select>
        </Field>
        <Field label={t("passphrase")}>
          <input name="passphrase" type="password" required={!operator} minLength={12} maxLength={1024} autocomplete="new-password" />
        </Field>
      </div>
      <fieldset class="lines-choice">
        <legend>{t("lines")}</legend>
        <label class="check"><input type="checkbox" name="every" value="yes" defaultChecked={operator === null || operator.lines === null} /> {t("every-line")}</label>
        {linesOf(state.picture).map((l) => (
          <label key={l.name} class="check">
            <input type="checkbox" name="line" value={l.name} defaultChecked={operator?.lines?.includes(l.name) ?? false} /> <Name text={l.name} />
          </label>
        ))}
      </fieldset>
      <p class="actions"><button class="primary">{operator ? t("change-operator") : t("add-operator")}</button></p>
    </form>
  );
}
