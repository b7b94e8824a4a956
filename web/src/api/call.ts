// One call of the API. The page token lives here and nowhere else: it is gone with the page.

export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}

let token: string | null = null;
export const setToken = (value: string | null): void => void (token = value);
export const getToken = (): string | null => token;

const CALL_LIMIT_MS = 20_000;

/** The answer; a Refusal where the station says no, or (code `no_station`, status 0) where nothing answers. */
export async function call<T = unknown>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (token) headers["X-Stillwire-Seat"] = token;
  if (method === "POST") headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers,
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
      ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}),
    });
  } catch {
    throw new Refusal("no_station", 0, "");
  }
  let answer: unknown;
  try {
    answer = await response.json();
  } catch {
    throw new Refusal("no_station", response.status, "");
  }
  if (response.ok) return answer as T;
  const problem = answer as { code?: unknown; detail?: unknown };
  throw new Refusal(String(problem.code ?? "software"), response.status, String(problem.detail ?? ""));
}

export const path = (...parts: string[]): string => parts.map(encodeURIComponent).join("/");
