/// An exact amount of US dollars: a whole number of 10⁻¹² USD.
///
/// Sums and products of whole numbers never round, so a bill added up in any order is the same.
/// The range is ±1.7 × 10²⁶ USD; passing it is a bug of ours and traps.
@usableFromInline package struct Money: Hashable, Sendable {
  /// The amount in 10⁻¹² USD.
  @usableFromInline package var picodollars: Int128

  @inlinable package init(picodollars: Int128) {
    self.picodollars = picodollars
  }

  @inlinable package static var zero: Money { Money(picodollars: 0) }
  @inlinable package static var dollar: Money { Money(picodollars: 1_000_000_000_000) }

  /// The number of decimal places that a picodollar stands at.
  package static let decimalPlaces = 12
}

extension Money: Comparable {
  @inlinable package static func < (left: Money, right: Money) -> Bool {
    left.picodollars < right.picodollars
  }
}

extension Money: AdditiveArithmetic {
  @inlinable package static func + (left: Money, right: Money) -> Money {
    Money(picodollars: left.picodollars + right.picodollars)
  }

  @inlinable package static func - (left: Money, right: Money) -> Money {
    Money(picodollars: left.picodollars - right.picodollars)
  }

  /// Said again here because the protocol's own is not specialized.
  @inlinable package static func += (left: inout Money, right: Money) {
    left.picodollars += right.picodollars
  }

  /// The price of `count` things at this price each.
  @inlinable package static func * (price: Money, count: Int) -> Money {
    // Nearly every price fits 64 bits, and then one multiplication gives the whole product.
    guard let small = Int64(exactly: price.picodollars) else {
      return Money(picodollars: price.picodollars * Int128(count))
    }
    let product = small.multipliedFullWidth(by: Int64(count))
    return Money(picodollars: Int128(product.high) &<< 64 | Int128(product.low))
  }
}
