vim.lsp.config('rust_analyzer', {
  cmd = { 'armature' },
  filetypes = { 'rust' },
  root_markers = { 'Cargo.lock', 'Cargo.toml', 'rust-project.json' },
})
vim.lsp.enable('rust_analyzer')

-- Ghost text (Neovim 0.12): Tab takes it, and is a tab where there is none.
if vim.lsp.inline_completion then
  vim.lsp.inline_completion.enable(true)
  vim.keymap.set('i', '<Tab>', function()
    if not vim.lsp.inline_completion.get() then return '<Tab>' end
  end, { expr = true, desc = 'Take the ghost text' })
end
