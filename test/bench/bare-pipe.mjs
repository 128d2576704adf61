/** The least that a Node program between an editor and rust-analyzer can do: the measure for the relay. */
import { spawn } from "node:child_process";

const child = spawn(process.env.ARMATURE_RUST_ANALYZER, process.argv.slice(2), {
  stdio: ["pipe", "pipe", "inherit"],
});
process.stdin.pipe(child.stdin);
child.stdout.pipe(process.stdout);
child.on("exit", (code) => process.exit(code ?? 1));
