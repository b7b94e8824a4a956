import { useEffect, useState } from "preact/hooks";

/** The time of day, anew each second. */
export function useTick(): number {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => set(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
