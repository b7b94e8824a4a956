import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Desk } from "../desk";
import type { State } from "../desk_state";
import { draftOf } from "../desk_writing";
import { stationNow } from "../state/feed";
import { t } from "../words/words";
import { Composer } from "./composer";
import { Cover } from "./cover";
import { FirstRun } from "./first_run";
import { Lines } from "./lines";
import { MessageList } from "./message_list";
import { OneMessage } from "./one_message";
import { InPractice, Live } from "./parts";
import { Panels } from "./panels";
import { PracticeBand } from "./practice";
import { NoSeat, SignIn, Unlock } from "./sign_in";
import { Refused } from "./refused";
import { Top } from "./top";

export interface ViewProps {
  desk: Desk;
  state: State;
}

export function App({ desk, state }: ViewProps): JSX.Element {
  if (state.covered) return <Cover now={Date.now()} />;
  if (state.practice) {
    const { desk: practice, station } = state.practice;
    if (practice.state.covered) return <Cover now={Date.now()} />;
    return (
      <InPractice.Provider value>
        <Room desk={practice} state={practice.state} band={<PracticeBand desk={practice} real={desk} station={station} />} />
      </InPractice.Provider>
    );
  }
  switch (state.screen.is) {
    case "opening":
      return <main class="screen" aria-busy="true" />;
    case "no-seat":
      return <NoSeat desk={desk} state={state} />;
    case "first":
      return <FirstRun desk={desk} state={state} />;
    case "locked":
      return <Unlock desk={desk} state={state} />;
    case "sign-in":
    case "resume":
      return <SignIn desk={desk} state={state} />;
    case "desk":
      return <Room desk={desk} state={state} />;
  }
}

function Room({ desk, state, band }: ViewProps & { band?: JSX.Element }): JSX.Element {
  const now = stationNow(state.picture, state.now);
  const view = state.wall ? "wall" : state.line === null ? "lines" : state.writing ? "writing" : state.message === null ? "list" : "message";
  const draft = state.line === null ? null : draftOf(desk, state.line);
  return (
    <div class={`room view-${view}${band ? " practising" : ""}`}>
      <Top desk={desk} state={state} now={now} />
      {band}
      {state.picture.status?.watch.exercise && <p class="exercise-band">{t("exercise-band")}</p>}
      <main inert={!state.live && state.picture.status !== null}>
        <Lines desk={desk} state={state} now={now} />
        {state.line !== null && !state.wall && (
          <>
            <MessageList desk={desk} state={state} now={now} line={state.line} />
            <div class="reading">
              <OneMessage desk={desk} state={state} now={now} />
              {draft && desk.may("write") && <Composer desk={desk} state={state} now={now} line={state.line} draft={draft} />}
            </div>
          </>
        )}
      </main>
      {!state.live && <NotLive key={state.panel === null ? "desk" : "panel"} first={state.picture.status === null} age={state.now - state.picture.heardAt} />}
      <Refused desk={desk} state={state} />
      <Live.Provider value={state.live}>
        <Panels desk={desk} state={state} now={now} />
      </Live.Provider>
      {state.idleSoon && <p class="toast" role="alert">{t("idle-soon")}</p>}
    </div>
  );
}

/** Over everything, so that nobody takes an old picture for the present. */
function NotLive({ first, age }: { first: boolean; age: number }): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  // In the top layer, above a dialog that is open.
  useEffect(() => ref.current?.showPopover(), []);
  return (
    <div ref={ref} popover="manual" class={first ? "not-live waiting" : "not-live"} role="alert">
      <p>{first ? t("waiting-for-station") : t("screen-not-live")}</p>
      {!first && <p class="why">{t("screen-not-live-why", { seconds: Math.floor(age / 1000) })}</p>}
    </div>
  );
}
