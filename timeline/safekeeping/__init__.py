"""Where the store's key is kept and who may have it: the key file, the system's keyring, a passphrase, a login.

key_file        what the file `key` says: the key itself, a name in the keyring, or the key wrapped by a passphrase
passphrase      wrapping and unwrapping (argon2id, AES key wrap)
system_keyring  the system's own keyrings, and no others
unlocking       how a process comes by a wrapped key: remembered, handed over, or asked for
login           the unwrapped key in memory-backed storage, until logout
handing         the unwrapped key for a child process, by a pipe of its own
custody         changes: set or remove a passphrase, export, import
rotation        another key for everything
"""
