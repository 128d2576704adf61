/** Neovim, headless, driven by real keys through its own socket. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { clientFile, createDesk, inTree, until } from "./desk.ts";
import type { RealEditor, Way } from "./editor.ts";
import { editorsTree } from "./install.mjs";

const run = promisify(execFile);

/** Writes down what a screen would show: the menu, and that an answer has come. Menu and choice are the editor's own. */
const recorder = `
local select = vim.ui.select
vim.g.menu = {}
vim.ui.select = function(items, options, choose)
  vim.g.menu = vim.tbl_map(options.format_item or tostring, items)
  select(items, options, choose)
end
vim.g.answered = 0
vim.api.nvim_create_autocmd('LspRequest', { callback = function(event)
  local request = event.data.request
  if request.method == 'textDocument/completion' and request.type ~= 'pending' then
    vim.g.answered = vim.g.answered + 1
  end
end })
`;

const look = `json_encode(#{
  mode: mode(1), answered: g:answered, tick: b:changedtick, modified: &modified, menu: g:menu,
  items: map(complete_info(['items']).items, 'v:val.abbr'), selected: complete_info(['selected']).selected,
  visible: pumvisible(), attached: luaeval('#vim.lsp.get_clients({ bufnr = 0 })'),
  ghost: luaeval('vim.lsp.inline_completion and #vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_create_namespace("nvim.lsp.inline_completion"), 0, -1, {}) or 0')
})`.replaceAll("\n", " ");

const screen = z.object({
  mode: z.string(),
  answered: z.number(),
  tick: z.number(),
  modified: z.number(),
  menu: z.array(z.string()),
  items: z.array(z.string()),
  selected: z.number(),
  visible: z.number(),
  attached: z.number(),
  ghost: z.number(),
});

export function startNeovim(root: string): Promise<RealEditor> {
  const desk = createDesk();
  desk.lay(".config/nvim/init.lua", `${recorder}\n${clientFile("neovim/armature.lua")}`);
  const environment = { ...desk.environment, VIMRUNTIME: join(editorsTree, "usr/share/nvim/runtime") };
  const [loader = "", ...program] = inTree("usr/bin/nvim");
  const socket = join(desk.home, "nvim.socket");
  const options = { env: environment, cwd: root, encoding: "utf8" as const };
  const version = /NVIM v(\S+)/.exec(spawnSync(loader, [...program, "--version"], options).stdout)?.[1] ?? "";
  const child = spawn(loader, [...program, "--headless", "--listen", socket], {
    ...options,
    stdio: "ignore",
  });
  const remote = async (...words: string[]) =>
    (await run(loader, [...program, "--server", socket, ...words], options)).stdout;
  const ask = async (expression: string) => remote("--remote-expr", expression);
  const keys = async (typed: string) => void (await remote("--remote-send", typed));
  const state = async () => screen.parse(JSON.parse(await ask(look)));
  const messages = () => ask("execute('messages')");
  let latest = "";
  const wait = <T>(
    what: string,
    when: (now: z.infer<typeof screen>) => T | undefined | false | Promise<T | undefined | false>,
  ) =>
    until(
      `Neovim: ${what}`,
      async () => {
        const now = await state();
        latest = JSON.stringify(now);
        // A message that is longer than the line waits for a key.
        if (now.mode.startsWith("r")) return keys("<CR>").then(() => undefined);
        return when(now);
      },
      { also: () => `${latest}\n${desk.log().slice(-3_000)}` },
    );

  const ours = (items: readonly string[]) => items.findIndex((label) => /^[✓~] fill /.test(label));
  const toNormal = async () => {
    await keys("<Esc>");
    await wait("normal mode", ({ mode }) => mode === "n");
  };
  const toInsert = async () => {
    if ((await state()).mode.startsWith("i")) return;
    const { line, column } = cursor;
    await keys(`${line + 1}G0${column > 0 ? `${column}l` : ""}`);
    const isAtEnd = (await ask(`strcharlen(getline('.')) <= ${column}`)).trim() === "1";
    await keys(isAtEnd ? "A" : "i");
    await wait("insert mode", ({ mode }) => mode.startsWith("i"));
  };
  let cursor = { line: 0, column: 0 };

  /** What the server has said since, that ends the asking. */
  const saidSince = (mark: number) =>
    [
      ...desk
        .log()
        .slice(mark)
        .matchAll(/no offer: (\S+): (.*)/g),
    ]
      .map(([, reason = "", message = ""]) => ({ reason, message }))
      .findLast(({ reason }) => !reason.endsWith("/analyzer-not-ready"));

  const byCompletion = async () => {
    await toInsert();
    const mark = desk.log().length;
    for (;;) {
      const { answered } = await state();
      await keys("<C-x><C-o>");
      const seen = await wait("an answer", (now) => now.answered > answered && now);
      const row = ours(seen.items);
      const said = saidSince(mark);
      if (row >= 0) {
        for (;;) {
          const { selected } = await state();
          if (selected === row) break;
          await keys("<C-n>");
          await wait("the next row", (now) => now.selected !== selected);
        }
        const { tick } = await state();
        await keys("<C-y>");
        await wait("what was taken", (now) => now.visible === 0 && now.tick !== tick);
        return "taken";
      }
      if (seen.items.length > 0) await keys("<C-e>");
      if (said !== undefined) return `${said.reason}: ${said.message}`;
    }
  };

  const pick = async (title: RegExp) => {
    await ask("execute('let g:menu = []')");
    await toNormal();
    const { line, column } = cursor;
    await keys(`${line + 1}G0${column > 0 ? `${column}l` : ""}`);
    await keys("gra");
    const seen = await wait("the menu", ({ menu }) => menu.length > 0 && menu);
    const row = seen.findIndex((label) => title.test(label));
    if (row < 0) {
      await keys("<Esc>");
      return false;
    }
    await keys(`${row + 1}<CR>`);
    return true;
  };

  const byCodeAction = async () => {
    const mark = desk.log().length;
    const { tick } = await state();
    await until("Neovim: a menu with ours", () => pick(/^Fill /));
    return wait("the edit, or a reason", (now) => {
      if (now.tick !== tick) return "taken";
      const said = saidSince(mark);
      return said === undefined ? undefined : `${said.reason}: ${said.message}`;
    });
  };

  const byGhost = async () => {
    await toInsert();
    await wait("ghost text", ({ ghost }) => ghost > 0);
    const { tick } = await state();
    await keys("<Tab>");
    await wait("what was taken", (now) => now.tick !== tick);
    return "taken";
  };

  const ways: Record<Way, () => Promise<string>> = {
    completion: byCompletion,
    "code action": byCodeAction,
    inline: byGhost,
  };

  return until("Neovim: its socket", () => ask("1").catch(() => undefined)).then(() => ({
    name: "Neovim",
    version,
    async open(file, line, column) {
      await toNormal();
      await keys(`:edit! ${file}<CR>`);
      await wait("the server", ({ attached }) => attached > 0);
      cursor = { line, column };
    },
    async type(text) {
      await toInsert();
      await keys(text.replaceAll("<", "<lt>"));
    },
    take: (way) => ways[way](),
    async why() {
      await ask("execute('messages clear')");
      await until("Neovim: the question in the menu", () => pick(/why is nothing offered/));
      return until("Neovim: a message", async () => {
        const said = await messages();
        return said.includes("Armature: ") && said;
      });
    },
    undo: async () => {
      await toNormal();
      await keys("u");
    },
    redo: async () => {
      await toNormal();
      await keys("<C-r>");
    },
    async save() {
      await toNormal();
      await keys(":write<CR>");
      await wait("the file written", ({ modified, mode }) => modified === 0 && mode === "n");
    },
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await keys("<Esc>:qall!<CR>").catch(() => undefined);
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(timer);
      desk.remove();
    },
  }));
}
