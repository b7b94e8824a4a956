// The practice, as it is shown: the desk of the dummy line, and over it what the far side can be made to do.
import type { JSX } from "preact";
import { leavePractice, realNeeds, type PracticeStation } from "../desk_practice";
import type { Desk } from "../desk";
import { linesOf } from "../state/feed";
import type { FarDeed } from "../state/practice";
import { t } from "../words/words";

export interface PracticeBandProps {
  desk: Desk;
  real: Desk;
  station: PracticeStation;
}

const DEEDS: FarDeed[] = ["answer", "drop", "delay", "ring", "flash"];

export function PracticeBand({ desk, real, station }: PracticeBandProps): JSX.Element {
  const state = linesOf(desk.state.picture)[0]?.state;
  const on: Partial<Record<FarDeed, boolean>> = { drop: state === "DOWN", delay: state === "LATE" };
  return (
    <section class="practice-band" aria-label={t("practice")}>
      <p><strong class="practice-word">{t("practice")}</strong> {t("practice-says")}</p>
      <button type="button" class="primary" onClick={() => leavePractice(real)}>{t("practice-leave")}</button>
      {realNeeds(real) && <p class="real-needs" role="alert">{t("practice-real-needs")}</p>}
      <div class="far-deeds" role="group" aria-label={t("practice-far")}>
        <span>{t("practice-far")}</span>
        {DEEDS.map((deed) => (
          <button key={deed} type="button" aria-pressed={on[deed]} onClick={() => station.far(deed)}>{t(`far-${deed}`)}</button>
        ))}
      </div>
    </section>
  );
}
