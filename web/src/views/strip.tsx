import type { JSX } from "preact";
import { t } from "../words/words";

const STEP = 4;
const HIGH = 20;

/** The last 60 rounds, oldest first and always left to right: a bar for one that opened, a dot on the ground for one that did not.
 *  Each tenth bar is taller, so that silence is seen to move. */
export function Strip({ strip, rounds }: { strip: string; rounds: number }): JSX.Element {
  let bars = "";
  let dots = "";
  let opened = 0;
  let number = rounds;
  for (let i = strip.length - 1; i >= 0; i--) {
    const x = i * STEP;
    if (strip[i] === "|") {
      const tall = number % 10 === 0;
      bars += `M${x} ${tall ? 0 : 6}h2v${tall ? HIGH : HIGH - 6}h-2z`;
      opened += 1;
      number -= 1;
    } else {
      dots += `M${x} ${HIGH - 3}h3v3h-3z`;
    }
  }
  return (
    <svg class="strip" viewBox={`0 0 ${60 * STEP} ${HIGH}`} preserveAspectRatio="none" role="img"
      aria-label={t("strip", { opened, all: strip.length })}>
      <path class="opened" d={bars} />
      <path class="missed" d={dots} />
    </svg>
  );
}
