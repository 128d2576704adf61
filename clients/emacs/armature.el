(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((rust-ts-mode rust-mode) . ("armature"))))
(with-eval-after-load 'lsp-rust
  (setq lsp-rust-analyzer-server-command '("armature")))
