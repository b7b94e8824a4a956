// What a role may do, so that the page offers nothing that the station would refuse. The station decides; docs/api.md, doors.
import type { Grade, Precedence, Role } from "../api/types";

export type Deed = "write" | "stage" | "watch" | "drill" | "pair" | "release" | "translate" | "operators";

const DEEDS: Record<Role, readonly Deed[]> = {
  officer: ["write", "stage", "watch", "drill", "translate"],
  releaser: ["write", "stage", "watch", "drill", "translate", "release"],
  interpreter: ["translate"],
  principal: ["stage"],
  archivist: [],
  admin: ["write", "stage", "watch", "drill", "translate", "pair", "operators"],
};

export const may = (role: Role | undefined, deed: Deed): boolean => role !== undefined && DEEDS[role].includes(deed);

/** Does a second person release it? FLASH, and all that is formal. */
export const needsRelease = (grade: Grade, precedence: Precedence): boolean => precedence === "flash" || grade === "note" || grade === "notice";
