vim.lsp.config('rust_analyzer', { cmd = { 'armature' } })
vim.lsp.enable('rust_analyzer')
