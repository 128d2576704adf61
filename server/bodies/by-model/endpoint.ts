import type { ModelChoice } from "./choice.ts";
import { EndpointError } from "./endpoint-error.ts";

/** Where requests go. Everything here may be shown and logged; the key is not part of it. */
export interface Endpoint {
  /** Without query and without a slash at the end. */
  readonly baseUrl: string;
  /** Sent with each request; never shown, since some endpoints take their key there. */
  readonly query: Readonly<Record<string, string>>;
  /** Host and port, for messages. */
  readonly host: string;
}

/**
 * Reads the base URL of a choice.
 * @throws EndpointError "model-unreachable" with the setting to mend; the URL itself is not repeated, since it
 * may hold a key.
 */
export function readEndpoint(choice: ModelChoice): Endpoint {
  const remedy = "set model.baseUrl (or ARMATURE_MODEL_BASE_URL) to the endpoint's base URL, http://…/v1";
  if (choice.baseUrl === undefined) {
    throw unusable(`the model ${choice.name} is named but no endpoint: ${remedy}`);
  }
  if (!URL.canParse(choice.baseUrl)) throw unusable(`the model's base URL is no URL: ${remedy}`);
  const url = new URL(choice.baseUrl);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw unusable(`the model's base URL is neither http nor https: ${remedy}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw unusable(
      `the model's base URL holds a user name or password: put the key into ${choice.keyVariable} instead`,
    );
  }
  return {
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    query: Object.fromEntries(url.searchParams),
    host: url.host,
  };
}

function unusable(message: string): EndpointError {
  return new EndpointError({ reason: "model-unreachable", message });
}
