// swift-tools-version: 6.2
import PackageDescription

/// Every module is built in Swift 6 mode with warnings as errors. The pure rooms, which do no I/O
/// and hold no C pointers, are also built with strict memory safety.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
  // The modules are walls for readers, not for the optimizer. Past what is `package` it does not see all the same,
  // unless that is `@inlinable` and its type, where it has one, `@usableFromInline`.
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]
let pure: [SwiftSetting] = strict + [.strictMemorySafety()]

/// The modules, lowest first. `uses` lists every import a module may make; `scripts/lib/check-imports`
/// refuses any other, since the compiler finds every module that is built.
func module(_ name: String, uses: [Target.Dependency] = [], _ settings: [SwiftSetting] = strict) -> Target {
  .target(name: name, dependencies: uses, swiftSettings: settings)
}

func tests(of name: String, uses: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + uses, swiftSettings: strict)
}

let package = Package(
  name: "tollgate",
  products: [.executable(name: "tollgate", targets: ["tollgate"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .target(name: "CLinux"),
    .systemLibrary(
      name: "CLibcurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(
      name: "CLibyaml", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),

    module("GatewayTypes", pure),
    module("JSON", pure),
    module("HTTP", pure),
    module("Reactor", uses: ["CLinux", "GatewayTypes"]),
    module("HTTPServer", uses: ["Reactor", "HTTP", "GatewayTypes", "CLinux"]),
    module("CurlClient", uses: ["Reactor", "HTTP", "GatewayTypes", "CLibcurl"]),
    module("Configuration", uses: ["GatewayTypes", "JSON", "CLibyaml"]),
    module("Providers", uses: ["GatewayTypes", "JSON"], pure),
    module("Health", uses: ["GatewayTypes"], pure),
    module("Routing", uses: ["GatewayTypes", "Health"], pure),
    module("Fleet", uses: ["GatewayTypes", "Configuration", "Health", "Routing"]),
    module("Accounting", uses: ["GatewayTypes", "JSON", "CLinux"]),
    module(
      "Decisions",
      uses: ["GatewayTypes", "JSON", "Configuration", "Health", "Routing", "Fleet", "Accounting"]),
    module(
      "Simulation",
      uses: [
        "GatewayTypes", "JSON", "Configuration", "Health", "Routing", "Fleet", "Accounting", "Decisions",
      ], pure),
    module(
      "Gateway",
      uses: [
        "GatewayTypes", "JSON", "Reactor", "HTTP", "HTTPServer", "CurlClient", "Configuration",
        "Providers", "Health", "Routing", "Fleet", "Accounting", "Decisions",
      ]),
    .executableTarget(
      name: "tollgate",
      dependencies: [
        "Gateway", "HTTPServer", "Reactor", "CurlClient", "Configuration", "Accounting", "Decisions",
        "Simulation",
        "GatewayTypes", "CLinux",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "mock-upstream", dependencies: ["HTTP", "HTTPServer", "JSON", "Reactor", "GatewayTypes"],
      path: "Benchmarks/MockUpstream", swiftSettings: strict),
    .executableTarget(
      name: "stream-load", dependencies: ["Reactor", "GatewayTypes"], path: "Benchmarks/StreamLoad",
      swiftSettings: strict),
    .executableTarget(
      name: "intent-cost", dependencies: ["Routing"], path: "Benchmarks/IntentCost",
      swiftSettings: strict),
    .executableTarget(
      name: "route-benchmark", dependencies: ["GatewayTypes", "Health", "Routing"],
      path: "Benchmarks/RouteBenchmark", swiftSettings: strict),
    .executableTarget(
      name: "decision-benchmark",
      dependencies: ["GatewayTypes", "Health", "Routing", "Accounting", "Decisions"],
      path: "Benchmarks/DecisionBenchmark", swiftSettings: strict),
    .executableTarget(
      name: "ledger-benchmark", dependencies: ["GatewayTypes", "Accounting"],
      path: "Benchmarks/LedgerBenchmark", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["CLinux"], path: "Tests/TestSupport", swiftSettings: strict),
    // The executable is built along, for the tests to run it.
    .testTarget(name: "LiveTests", dependencies: ["TestSupport", "tollgate"], swiftSettings: strict),

    tests(of: "GatewayTypes"),
    tests(of: "JSON"),
    tests(of: "HTTP"),
    tests(of: "Reactor", uses: ["GatewayTypes"]),
    tests(of: "Configuration", uses: ["GatewayTypes"]),
    tests(of: "Providers", uses: ["GatewayTypes", "JSON", "Routing"]),
    tests(of: "Health", uses: ["GatewayTypes"]),
    tests(of: "Routing", uses: ["GatewayTypes", "Health"]),
    tests(of: "Accounting", uses: ["GatewayTypes", "JSON"]),
    tests(of: "Gateway", uses: ["HTTP", "JSON", "Providers"]),
    tests(
      of: "Simulation",
      uses: [
        "TestSupport", "GatewayTypes", "Configuration", "Health", "Routing", "Fleet", "Accounting",
        "Decisions",
      ]),
    tests(of: "Decisions", uses: ["GatewayTypes", "JSON", "Health", "Routing", "Accounting"]),
  ],
  swiftLanguageModes: [.v6]
)
