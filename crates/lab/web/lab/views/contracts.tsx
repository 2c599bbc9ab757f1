export function Contracts(_: { table: Table }) { return <p>soon</p>; }
import type { Table } from "../types.ts";
