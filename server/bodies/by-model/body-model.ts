import type { Settings } from "../../../protocol/settings.ts";
import { AbortedError, throwIfAborted, withDeadline } from "../../base/abort.ts";
import { describeError, type Log } from "../../base/log.ts";
import type { Draft, Facts, NoOffer, Report } from "../../stages.ts";
import { loadRustSyntax } from "../../syntax/parse.ts";
import { answerSchema } from "./answer-schema.ts";
import { Asker, type Question } from "./ask.ts";
import { createBudget } from "./budget.ts";
import type { ModelChoice } from "./choice.ts";
import { createChatClient } from "./client.ts";
import { readDrafts } from "./drafts.ts";
import { EndpointError } from "./endpoint-error.ts";
import { readEndpoint } from "./endpoint.ts";
import { buildPrompt, type Prompt } from "./prompt.ts";
import type { RepairRound } from "./repair-sections.ts";
import type { Answer } from "./reply.ts";
import { isSecretFile } from "./secret-files.ts";

export interface ModelRequest {
  readonly facts: Facts;
  readonly repair?: RepairRound;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** A language model that writes bodies. */
export interface BodyModel {
  readonly name: string;
  /**
   * Drafts for a site, best first, or the reason why there are none.
   * @throws AbortedError as soon as the request's signal aborts.
   */
  propose(request: ModelRequest): Promise<readonly Draft[] | NoOffer>;
  /** Model requests left today, those of other processes taken off. */
  status(): { readonly requestsLeft: number };
  /** One small question, for `armature doctor`. It counts against the budget. */
  check(signal: AbortSignal): Promise<ModelCheck>;
}

export type ModelCheck =
  { readonly ok: true; readonly milliseconds: number } | { readonly ok: false; readonly message: string };

export interface BodyModelOptions {
  readonly choice: ModelChoice;
  readonly settings: Settings["model"];
  /** Where the budget's record is kept: outside any workspace. */
  readonly stateDirectory: string;
  readonly log: Log;
  readonly now: () => Date;
}

/** Sends nothing until it is asked. */
export function createBodyModel({ choice, settings, stateDirectory, log, now }: BodyModelOptions): BodyModel {
  const budget = createBudget({ stateDirectory, limits: settings, now, log });
  const asker = new Asker({ client: createChatClient(choice), budget, log });

  /** Answers, or the reason why there are none. */
  const ask = async (question: Question, signal: AbortSignal): Promise<readonly Answer[] | EndpointError> => {
    const milliseconds = Math.min(settings.timeoutMilliseconds, longestTimer);
    const end = performance.now() + milliseconds;
    const deadline = withDeadline(signal, milliseconds);
    try {
      return await asker.ask(question, { signal: deadline.signal, timeLeft: () => end - performance.now() });
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof EndpointError) return error;
      if (error instanceof AbortedError) return tooLate(choice, settings.timeoutMilliseconds);
      throw error;
    } finally {
      deadline.clear();
    }
  };

  return {
    name: choice.name,
    status: () => ({ requestsLeft: budget.requestsLeft() }),
    async propose({ facts, repair, signal, report }) {
      throwIfAborted(signal);
      const { site } = facts.skeleton;
      const none = (reason: NoOffer["reason"], message: string): NoOffer => {
        log.info(`model: no drafts for ${site.label}: ${reason}: ${message}`);
        return { kind: "none", stage: "bodies", reason, message, site: site.label };
      };
      if (isSecretFile(site.document.path, settings.exclude)) {
        return none(
          "turned-off",
          "this file is kept out of prompts (model.exclude and the names of key files)",
        );
      }
      const prompt = buildPrompt(facts, { exclude: settings.exclude, repair });
      if (prompt.asked.length === 0) return none("no-evidence", "there is no hole for the model to fill");
      logPrompt(prompt, settings, log);
      report(repair === undefined ? `asking ${choice.name}` : `asking ${choice.name} again with the errors`);

      const started = performance.now();
      const answers = await ask(questionOf(prompt, settings.candidates), signal);
      if (answers instanceof EndpointError) return none(answers.reason, answers.message);
      const syntax = await loadRustSyntax();
      throwIfAborted(signal);
      const failed = repair?.failures.map(({ draft }) => draft) ?? [];
      const { skeleton } = facts;
      const sources = { syntax, skeleton, asked: prompt.asked, model: choice.name, failed, log };
      const { drafts, unreadable } = readDrafts(answers, sources);
      const took = Math.round(performance.now() - started);
      log.info(
        `model: ${answers.length} answers, ${unreadable} unreadable, ${drafts.length} drafts, ${took} ms`,
      );
      if (drafts.length > 0) return drafts;
      return unreadable > 0
        ? none("model-garbage", garbageMessage(answers))
        : none(
            "no-evidence",
            `${choice.name} ${failed.length > 0 ? "gave nothing new" : "left every hole open"}`,
          );
    },
    async check(signal) {
      const started = performance.now();
      try {
        const answers = await ask(smallQuestion, signal);
        if (answers instanceof EndpointError) return { ok: false, message: answers.message };
        return { ok: true, milliseconds: Math.round(performance.now() - started) };
      } catch (error) {
        return { ok: false, message: describeError(error) };
      }
    },
  };

  function garbageMessage(answers: readonly Answer[]): string {
    const cut = answers.some((answer) => answer.isCut) ? ", cut off at the bound on its length" : "";
    return `the answer of ${choice.name} holds no bodies that can be read${cut}: model.logPrompts shows what was asked`;
  }
}

/** What `setTimeout` can hold; beyond it fires at once. */
const longestTimer = 2 ** 31 - 1;

/** Room for the thoughts of a reasoning model, and for each body. */
const answerTokensBase = 2_048;
const answerTokensPerHole = 256;

function questionOf({ system, user, asked }: Prompt, candidates: number): Question {
  return {
    system,
    user,
    schema: answerSchema(asked),
    answers: candidates,
    answerTokens: answerTokensBase + answerTokensPerHole * asked.length,
  };
}

const smallQuestion: Question = {
  system: 'Answer with the JSON object {"h1": {"body": "1"}} and nothing else.',
  user: "Now.",
  schema: {
    type: "object",
    properties: {
      h1: {
        type: "object",
        properties: { body: { type: "string" } },
        required: ["body"],
        additionalProperties: false,
      },
    },
    required: ["h1"],
    additionalProperties: false,
  },
  answers: 1,
  answerTokens: 256,
};

function tooLate(choice: ModelChoice, milliseconds: number): EndpointError {
  const { host } = readEndpoint(choice);
  const message = `${host} did not answer within ${milliseconds} ms (model.timeoutMilliseconds)`;
  return new EndpointError({ reason: "model-timeout", message });
}

/** Redacted by construction. Only where the user asked for it, since logs get shared. */
function logPrompt(prompt: Prompt, settings: Settings["model"], log: Log): void {
  const { tokens, asked, leftOut, system, user } = prompt;
  const without = leftOut.length === 0 ? "" : `, without ${leftOut.join(", ")}`;
  log.info(`model: a prompt of about ${tokens} tokens for ${asked.length} holes${without}`);
  if (settings.logPrompts) log.info(`model: the prompt\n${system}\n\n${user}`);
}
