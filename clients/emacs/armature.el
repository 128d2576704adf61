(add-to-list 'eglot-server-programs '((rust-ts-mode rust-mode) . ("armature")))
(setq lsp-rust-analyzer-server-command '("armature"))
