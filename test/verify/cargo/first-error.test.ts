import { expect, it } from "vitest";
import { firstErrorOf } from "../../../server/verify/cargo/cargo.ts";

const failed = (said: string) => `   Compiling app v0.1.0 (/app)
error: failed to run custom build command for \`app v0.1.0 (/app)\`
note: To improve backtraces for build dependencies, set the CARGO_PROFILE_DEV_BUILD_OVERRIDE_DEBUG=true

Caused by:
  process didn't exit successfully: \`/app/target/debug/build/app-1/build-script-build\` (exit status: 101)
${said}`;
const head = "failed to run custom build command for `app v0.1.0 (/app)`";

it("tells why a build script panicked, not where it was called from", () => {
  const said = `  --- stdout
  cargo::rerun-if-changed=../n.txt

  --- stderr
  looking

  thread 'main' (15444) panicked at build.rs:1:133:
  the protocol's file: Os { code: 2, kind: NotFound, message: "No such file or directory" }
  stack backtrace:
     0: __rustc::rust_begin_unwind
               at /rustc/59807616e1/library/std/src/panicking.rs:689:5
  note: Some details are omitted, run with \`RUST_BACKTRACE=full\` for a verbose backtrace.
`;
  const words =
    "thread 'main' (15444) panicked at build.rs:1:133: the protocol's file: Os { code: 2, kind: NotFound, " +
    'message: "No such file or directory" }';
  expect(firstErrorOf(failed(said))).toBe(`${head}: ${words}`);
  const bare = said.replace(/ {2}stack backtrace[^]*(?= {2}note)/, "");
  expect(firstErrorOf(failed(bare))).toBe(`${head}: ${words}`);
});

it("tells a build script's last lines where it ended by itself", () => {
  const said = "  --- stderr\n  a\n  b\n  c\n  no pkg-config:\n";
  expect(firstErrorOf(failed(said))).toBe(`${head}: b: c: no pkg-config`);
  expect(firstErrorOf(failed(`${said}warning: build failed, waiting for other jobs to finish...\n`))).toBe(
    `${head}: b: c: no pkg-config`,
  );
});

it("tells the causes of cargo's own errors", () => {
  const nothing = "  process didn't exit successfully: `/x/build-script-build` (exit status: 3)";
  expect(firstErrorOf(failed(""))).toBe(`${head}: process didn't exit successfully (exit status: 101)`);
  expect(firstErrorOf(`error: a\n\nCaused by:\n  b\n\nCaused by:\n${nothing}\n`)).toBe(
    "a: b: process didn't exit successfully (exit status: 3)",
  );
  expect(firstErrorOf("error[E0658]: a\n")).toBe("a");
  expect(firstErrorOf("\n killed \n")).toBe("killed");
  expect(firstErrorOf("")).toBe("no message");
});
