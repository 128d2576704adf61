import { describe, expect, test } from "vitest";
import { redactKnown, redactSecrets } from "../../../server/bodies/by-model/redact.ts";
import { isSecretFile } from "../../../server/bodies/by-model/secret-files.ts";

describe("redaction takes out", () => {
  test.each([
    ['let key = "sk-proj-abcdefghijklmnop1234";', "abcdefghijklmnop"],
    ['const T: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";', "ghp_0123"],
    ['let aws = "AKIAIOSFODNN7EXAMPLE";', "AKIA"],
    ['"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc"', "eyJhbGci"],
    ['header("Authorization", "Bearer abc.def-ghi_jkl");', "abc.def"],
    ['let password = "hunter2";', "hunter2"],
    ['const DB_PASSWORD: &str =\n    "correct horse";', "correct horse"],
    ['let passwd: &\'static str = "hunter2";', "hunter2"],
    ['Config { api_key: String::from("hunter2") }', "hunter2"],
    ['.env("CLIENT_SECRET", "hunter2")', "hunter2"],
    ['{"password": "hunter2"}', "hunter2"],
    ['let token = "a1b2c3d4e5";', "a1b2c3d4e5"],
    ['let url = "postgres://ada:lovelace@db/x";', "lovelace"],
    ['let r = "q9Xz7LmN2pRt5VwY8bKd";', "q9Xz7LmN2pRt5VwY8bKd"],
    ["// temporary: 3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c", "3f9a8b7c"],
    ["q9Xz7LmN2pRt5VwY8bKdq9Xz7LmN2pRt5VwY8bKd", "q9Xz7LmN2"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----", "MIIabc"],
    ['"-----BEGIN PRIVATE KEY-----\\nMIIabc"; next()', "MIIabc"],
  ])("%s", (text, secret) => {
    expect(text).toContain(secret);
    const result = redactSecrets(text);
    expect(result).not.toContain(secret);
    expect(result).toContain("<redacted>");
  });

  test("known secrets of any form, but no short words", () => {
    expect(redactKnown("key lovelace in ada", ["lovelace", undefined, "ada"])).toBe("key <redacted> in ada");
  });
});

describe("redaction leaves", () => {
  test.each([
    'Field::Password => "password",',
    'Field::ApiKey => "api_key",',
    'expected(Token::Plus, "+")',
    'token: "identifier",',
    'format!("password: {}", hidden)',
    'println!("secret = {secret}");',
    'let name = "add_impl_missing_members_and_more";',
    "use utf8_to_utf16::ConverterErrorOfTheFirstKind;",
    'let digits = "0123456789abcdefghijklmnopqrstuvwxyz";',
    'include_dir("src/bodies/by-model/prompts/long-name.rs")',
    "fn takes_a_rather_long_name_with_many_words(x: u32) {}",
    'let url = "https://example.org/a/b?c=d";',
    "let big = 340282366920938463463374607431768211455u128;",
  ])("%s", (text) => {
    expect(redactSecrets(text)).toBe(text);
  });
});

describe("files that are never quoted", () => {
  test.each([
    "/w/.env",
    "/w/.env.production",
    "/w/certs/server.pem",
    "/home/ada/.ssh/config",
    "/w/id_rsa",
    "/w/id_ed25519.pub",
    "/w/secrets.toml",
    "C:\\w\\.npmrc",
  ])("%s, by its name", (path) => {
    expect(isSecretFile(path, [])).toBe(true);
  });

  test("those the user excluded, by a fragment of the path", () => {
    expect(isSecretFile("/w/vault/lib.rs", [])).toBe(false);
    expect(isSecretFile("/w/vault/lib.rs", ["/vault/"])).toBe(true);
    expect(isSecretFile("C:\\w\\vault\\lib.rs", ["w/vault"])).toBe(true);
    expect(isSecretFile("/w/src/lib.rs", ["", "/vault/"])).toBe(false);
  });

  test.each(["/w/src/main.rs", "/w/src/environment.rs", "/w/src/key.rs", "/w/src/secret.rs"])(
    "not %s",
    (path) => {
      expect(isSecretFile(path, [])).toBe(false);
    },
  );
});
