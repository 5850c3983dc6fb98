"""Where the store's key is kept and who may have it: the key file, the system's keyring, a passphrase, a login.

key_file        what the file `key` says: the key itself, a name in the keyring, or the key wrapped by a passphrase
passphrase      wrapping and unwrapping (argon2id, AES key wrap)
system_keyring  the system's own keyrings, and no others
unlocking       how a process comes by a wrapped key: remembered, handed over, or asked for
login           the unwrapped key in memory-backed storage, until logout
handing         the unwrapped key for a child process, by a pipe of its own
belonging       which home an entry of the keyring belongs to, and letting go of it
recovery        recovery files
custody         changes: set or remove a passphrase, export, import
changing        what is told while a key is changed, or that was interrupted
exclusive       the databases held for nobody else
rotation        another key for everything
"""
