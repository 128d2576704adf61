import { setTimeout as sleep } from "node:timers/promises";
import { throwIfAborted, untilAborted } from "../../base/abort.ts";
import { describeError, type Log } from "../../base/log.ts";
import { type Abilities, fullAbilities, relearn } from "./abilities.ts";
import type { Budget } from "./budget.ts";
import type { ChatClient, ChatRequest } from "./client.ts";
import { EndpointError } from "./endpoint-error.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { type Answer, type Reply, readReply } from "./reply.ts";

export type Question = Omit<ChatRequest, "abilities">;

export interface AskOptions {
  /** Carries the caller's abort and the deadline of all requests together. */
  readonly signal: AbortSignal;
  /** Milliseconds until that deadline. */
  readonly timeLeft: () => number;
}

export interface AskerOptions {
  readonly client: ChatClient;
  readonly budget: Budget;
  readonly log: Log;
}

/** Requests at once to an endpoint that gives one answer to each: more only queue up on local servers. */
const parallel = 4;
/** After a failure that may pass: 250 ms, then 500 ms, or what the endpoint asked for. */
const retries = 2;
const firstRetryMilliseconds = 250;

/** Asks one endpoint, and remembers what it can do. */
export class Asker {
  readonly #options: AskerOptions;
  #abilities: Abilities = fullAbilities;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /**
   * Up to `question.answers` answers: in one request where the endpoint gives several, else in parallel ones.
   * @throws EndpointError where no request brought an answer, AbortedError where the signal ended it before.
   */
  async ask(question: Question, options: AskOptions): Promise<readonly Answer[]> {
    if (question.answers === 1) return (await this.#once(question, options)).answers;
    if (!this.#abilities.several) return this.#inParallel(question, question.answers, options);
    const first = await this.#once(question, options);
    const missing = question.answers - first.answers.length;
    if (missing <= 0) return first.answers;
    this.#abilities = { ...this.#abilities, several: false };
    this.#options.log.info(
      `model: one answer to a request for ${question.answers}, asking in parallel from now on`,
    );
    const rest = await this.#inParallel(question, missing, options).catch((error: unknown) => {
      this.#options.log.info(`model: the other answers did not come: ${describeError(error)}`);
      return [];
    });
    return [...first.answers, ...rest];
  }

  /** What came counts; it fails only where nothing came. No further request starts after a failure. */
  async #inParallel(question: Question, count: number, options: AskOptions): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    const failures: unknown[] = [];
    let started = 0;
    const worker = async (): Promise<void> => {
      while (started < count && failures.length === 0) {
        started += 1;
        try {
          answers.push(...(await this.#once({ ...question, answers: 1 }, options)).answers);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, count) }, worker));
    if (answers.length === 0 && failures.length > 0) throw failures[0];
    for (const failure of failures)
      this.#options.log.info(`model: one request failed: ${describeError(failure)}`);
    return answers;
  }

  /** One question, asked again in a simpler form or after a wait where that can help. */
  async #once(question: Question, options: AskOptions): Promise<Reply> {
    let abilities = this.#abilities;
    for (let failures = 0; ;) {
      const answers = abilities.several ? question.answers : 1;
      try {
        const reply = await this.#send({ ...question, answers, abilities }, options.signal);
        // Learned only from success: a refusal for another reason must not cost the structured answers.
        this.#abilities = abilities;
        return reply;
      } catch (error) {
        throwIfAborted(options.signal);
        if (!(error instanceof EndpointError)) throw error;
        const simpler = relearn(abilities, error);
        if (simpler !== undefined) {
          this.#options.log.info(
            `model: request refused (${error.status}), trying ${JSON.stringify(simpler)}`,
          );
          abilities = simpler;
          continue;
        }
        const wait = error.retryAfterMilliseconds ?? firstRetryMilliseconds * 2 ** failures;
        if (!error.isTransient || failures >= retries || wait >= options.timeLeft()) throw error;
        failures += 1;
        await untilAborted(sleep(wait, undefined, { signal: options.signal }), options.signal);
      }
    }
  }

  /** One HTTP request, booked before it leaves. A booking stays whole where nobody knows what the endpoint did. */
  async #send(request: ChatRequest, signal: AbortSignal): Promise<Reply> {
    const promptTokens = estimateTokens(request.system + request.user);
    const booking = await this.#options.budget.book(promptTokens + request.answers * request.answerTokens);
    throwIfAborted(signal);
    let value: unknown;
    try {
      value = await untilAborted(this.#options.client.complete(request, signal), signal);
    } catch (error) {
      const isFree =
        error instanceof EndpointError &&
        (error.status !== undefined || (error.reason === "model-unreachable" && !error.isTransient));
      if (isFree && !signal.aborted) await booking.settle(0);
      throw error;
    }
    const reply = readReply(value);
    if (reply === undefined || reply.answers.length === 0) {
      const message =
        "the endpoint answered with something that is no chat completion: model.baseUrl ends in /v1 as a rule";
      throw new EndpointError({ reason: "model-garbage", message });
    }
    const answerTokens = reply.answers.reduce((sum, answer) => sum + estimateTokens(answer.text), 0);
    await booking.settle(reply.tokens ?? promptTokens + answerTokens);
    return reply;
  }
}
