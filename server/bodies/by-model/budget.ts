import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Settings } from "../../../protocol/settings.ts";
import { describeError, type Log } from "../../base/log.ts";
import { EndpointError } from "./endpoint-error.ts";
import { hasCode, withFileLock } from "./file-lock.ts";

export interface Booking {
  /** Replaces the tokens that were booked by those that were used. */
  settle(tokens: number): Promise<void>;
}

/** The day's requests and tokens, kept in one file that all processes of this user share. */
export interface Budget {
  /**
   * Books one request and so many tokens.
   * @throws EndpointError "budget-spent" where that would be too much, or where the record cannot be kept: a
   * hard budget sends nothing that it cannot count.
   */
  book(tokens: number): Promise<Booking>;
  /** As the file has it now, other processes included. */
  requestsLeft(): number;
}

export interface BudgetOptions {
  readonly stateDirectory: string;
  readonly limits: Pick<Settings["model"], "requestsPerDay" | "tokensPerDay">;
  readonly now: () => Date;
  readonly log: Log;
}

const recordSchema = z.object({
  /** In UTC, so that a change of time zone starts no new day. */
  day: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  requests: z.number().int().min(0),
  tokens: z.number().int().min(0),
});
type DayRecord = z.infer<typeof recordSchema>;

export function createBudget({ stateDirectory, limits, now, log }: BudgetOptions): Budget {
  const file = join(stateDirectory, "model-budget.json");
  const change = async (update: (record: DayRecord) => DayRecord): Promise<DayRecord> => {
    await mkdir(stateDirectory, { recursive: true });
    return withFileLock(`${file}.lock`, async () => {
      const record = update(readRecord(file, now()));
      await replaceFile(file, JSON.stringify(record));
      return record;
    });
  };
  return {
    async book(tokens) {
      const booked = await change((record) => {
        refuseBeyond(record, tokens, limits);
        return { ...record, requests: record.requests + 1, tokens: record.tokens + tokens };
      }).catch((error: unknown) => {
        throw error instanceof EndpointError ? error : unkept(error);
      });
      return {
        async settle(used) {
          // A new day has its own count, which the booking is no part of.
          const correct = (record: DayRecord): DayRecord =>
            record.day === booked.day
              ? { ...record, tokens: Math.max(0, record.tokens - tokens + used) }
              : record;
          await change(correct).catch((error: unknown) => {
            log.warn(`model: the booking of ${tokens} tokens stays as it is: ${describeError(error)}`);
          });
        },
      };
    },
    requestsLeft() {
      try {
        return Math.max(0, limits.requestsPerDay - readRecord(file, now()).requests);
      } catch {
        return 0;
      }
    },
  };
}

function refuseBeyond(record: DayRecord, tokens: number, limits: BudgetOptions["limits"]): void {
  if (record.requests + 1 > limits.requestsPerDay) {
    throw spent(`the budget of ${limits.requestsPerDay} requests a day (model.requestsPerDay)`, record);
  }
  if (record.tokens + tokens > limits.tokensPerDay) {
    const left = Math.max(0, limits.tokensPerDay - record.tokens);
    const what = `the budget of ${limits.tokensPerDay} tokens a day (model.tokensPerDay)`;
    throw spent(`${what}, with ${left} left and up to ${tokens} needed,`, record);
  }
}

function spent(what: string, { day }: DayRecord): EndpointError {
  return new EndpointError({ reason: "budget-spent", message: `${what} is spent until ${day} ends (UTC)` });
}

function unkept(cause: unknown): EndpointError {
  const message = `no request is sent, since the record of the model's budget cannot be kept: ${describeError(cause)}`;
  return new EndpointError({ reason: "budget-spent", message, cause });
}

/** Today's record. A later day in the file counts on: a clock moved backwards unlocks nothing. */
function readRecord(file: string, now: Date): DayRecord {
  const today = now.toISOString().slice(0, 10);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return { day: today, requests: 0, tokens: 0 };
    throw error;
  }
  const record = parseRecord(text, file);
  return record.day < today ? { day: today, requests: 0, tokens: 0 } : record;
}

function parseRecord(text: string, file: string): DayRecord {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} is damaged, remove it to start anew`, { cause });
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { flag: "wx", mode: 0o600 });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
