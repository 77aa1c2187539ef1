/// When the ledger's bytes are forced to the disk.
package enum FsyncMode: String, Sendable, CaseIterable {
  case never, interval, always
}

/// What happens to requests while the ledger cannot be written.
package enum LedgerErrorPolicy: String, Sendable, CaseIterable {
  case refuse, serve
}

/// Where and how every request is written down.
package struct LedgerConfiguration: Sendable {
  /// As written; relative to the folder of the configuration file.
  package var path = "logs/usage.log"
  package var fsync: FsyncMode = .interval
  package var rotateBytes = 1_073_741_824
  package var onError: LedgerErrorPolicy = .refuse
  /// The size at which the file of decisions is put aside, in place of the one before; 0 keeps none.
  package var decisionsBytes = 67_108_864
  /// Write prompts and answers into the ledger.
  package var content = false

  package init() {}
}
