import type { OpenAI } from "openai";
import type { Abilities } from "./abilities.ts";
import type { ModelChoice } from "./choice.ts";
import { describeFailure } from "./describe-failure.ts";
import { type Endpoint, readEndpoint } from "./endpoint.ts";
import { readBounded } from "./read-bounded.ts";

export interface ChatRequest {
  readonly system: string;
  readonly user: string;
  readonly schema: Record<string, unknown>;
  readonly answers: number;
  /** Bound on the length of each answer. */
  readonly answerTokens: number;
  readonly abilities: Abilities;
}

/** The only way out of the machine. */
export interface ChatClient {
  /**
   * One HTTP request. The answer is the endpoint's, unread.
   * @throws EndpointError for whatever goes wrong, an abort included: the caller knows whose abort it was.
   */
  complete(request: ChatRequest, signal: AbortSignal): Promise<unknown>;
}

/** Sends nothing by itself. The `openai` package loads with the first request (90 ms and 12 MB measured). */
export function createChatClient(choice: ModelChoice): ChatClient {
  let connecting: Promise<OpenAI> | undefined;
  return {
    async complete(request, signal) {
      const endpoint = readEndpoint(choice);
      connecting ??= connect(choice, endpoint);
      const api = await connecting;
      try {
        return await api.chat.completions.create(parametersOf(choice.name, request), { signal });
      } catch (error) {
        throw describeFailure(error, { choice, endpoint });
      }
    },
  };
}

function parametersOf(
  model: string,
  { system, user, schema, answers, answerTokens, abilities }: ChatRequest,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { format, bound } = abilities;
  return {
    model,
    messages: [
      { role: "system", content: system },
      { role: "user", content: user },
    ],
    stream: false,
    ...(answers > 1 ? { n: answers } : {}),
    ...(bound === "none" ? {} : { [bound]: answerTokens }),
    ...(format === "json_schema"
      ? { response_format: { type: format, json_schema: { name: "bodies", strict: true, schema } } }
      : {}),
    ...(format === "json_object" ? { response_format: { type: format } } : {}),
  };
}

/** Local servers want some key or none at all; the package wants one. */
const placeholderKey = "no-key";

/**
 * Every option that the package would otherwise read from the environment is given here: base URL, keys,
 * organisation, project, and the log level, whose output would go to the wire.
 */
async function connect(choice: ModelChoice, endpoint: Endpoint): Promise<OpenAI> {
  const { OpenAI } = await import("openai");
  const key = choice.readKey() ?? placeholderKey;
  return new OpenAI({
    baseURL: endpoint.baseUrl,
    defaultQuery: { ...endpoint.query },
    apiKey: key,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: "",
    logLevel: "off",
    // Retries are ours: the package sleeps without looking at the signal, and each costs budget.
    maxRetries: 0,
    // The caller's deadline is the only one; this is the longest a timer can be.
    timeout: 2 ** 31 - 1,
    fetch: fetchWithKey(key),
  });
}

/**
 * `fetch` that follows no redirect (code would go to an endpoint nobody named), reads no endless answer, and
 * sends headers of our own: the package's tell of this machine and of whatever OPENAI_CUSTOM_HEADERS holds,
 * another key included.
 */
function fetchWithKey(key: string): typeof fetch {
  const headers = {
    accept: "application/json",
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    "user-agent": "armature",
  };
  return async (input, init) => readBounded(await fetch(input, { ...init, headers, redirect: "manual" }));
}
