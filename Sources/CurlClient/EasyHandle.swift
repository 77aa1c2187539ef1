internal import CLibcurl
internal import GatewayTypes
internal import Glibc
internal import Reactor

/// One libcurl easy handle, set up for one endpoint and used for one call after another: a new handle,
/// or setting this one up again, would cost more than the rest of a call's administration.
///
/// https://curl.se/libcurl/c/libcurl-easy.html
final class EasyHandle {
  let handle: UnsafeMutableRawPointer
  let endpoint: Endpoint
  private let url: OpaquePointer
  private var headerList: UnsafeMutablePointer<curl_slist>?
  /// The request's body, where libcurl reads it until the call ends.
  private var body: UnsafeMutableRawBufferPointer
  private unowned let multiplexer: CurlMultiplexer

  private(set) var transfer: Transfer?
  private let clock: TransferClock
  private var headSize = 0
  private var isHeldBack = false
  private var forbidsReuse = false

  /// Bytes of an answer's header lines; llama.cpp and the vendors send less than 4 kB.
  private static let maxHeadSize = 65_536
  /// A body buffer larger than this is not kept for the next call.
  private static let maxKeptBodySize = 262_144

  /// Whether this libcurl lets a provider know late that a call over HTTP/2 is cancelled. From 7.88.0 to 8.14
  /// the frame that says so waits until something else is sent on the connection, so the provider would
  /// go on, and charge, for a caller who has left (https://github.com/curl/curl/issues/17611).
  private static let delaysCancellation: Bool = {
    let version = curl_version_info(CURLVERSION_FIRST).pointee.version_num
    return (0x07_58_00..<0x08_0F_00).contains(version)
  }()

  /// Whether this libcurl has a file of certificates to trust without being told of one.
  private static let hasDefaultTrust = curl_version_info(CURLVERSION_SEVENTH).pointee.cainfo != nil

  init(endpoint: Endpoint, multiplexer: CurlMultiplexer) throws(TransferError) {
    guard let handle = curl_easy_init(), let url = curl_url() else {
      throw .connectionFailed("libcurl has no memory for another call")
    }
    self.handle = handle
    self.endpoint = endpoint
    self.url = url
    self.multiplexer = multiplexer
    body = .allocate(byteCount: 4_096, alignment: 16)
    clock = TransferClock(loop: multiplexer.loop)
    guard curl_url_set(url, CURLUPART_URL, endpoint.url, 0) == CURLUE_OK else {
      throw .connectionFailed("the provider's address is not a URL")
    }
    for line in endpoint.headerLines { headerList = curl_slist_append(headerList, line) }
    // libcurl would wait a second for `100 Continue` before it sends a large body.
    headerList = curl_slist_append(headerList, "Expect:")
    clock.onExpiry = { [unowned self] in expired($0) }
    setOptions()
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_url_cleanup(url)
    curl_slist_free_all(headerList)
    body.deallocate()
  }

  private func setOptions() {
    let me = Unmanaged.passUnretained(self).toOpaque()
    _ = shim_setopt_pointer(handle, CURLOPT_CURLU, UnsafeRawPointer(url))
    _ = shim_setopt_pointer(handle, CURLOPT_HTTPHEADER, headerList)
    _ = shim_setopt_long(handle, CURLOPT_POST, 1)
    _ = shim_setopt_long(handle, CURLOPT_NOSIGNAL, 1)
    // A name that is still being looked up when its call ends is left to its thread; libcurl would wait for it,
    // and the whole loop with it.
    _ = shim_setopt_long(handle, CURLOPT_QUICK_EXIT, 1)
    _ = shim_setopt_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    _ = shim_setopt_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    _ = shim_setopt_long(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
    _ = shim_setopt_long(handle, CURLOPT_CONNECTTIMEOUT_MS, endpoint.connectTimeout.wholeMilliseconds)
    _ = shim_setopt_string(handle, CURLOPT_PROXY, endpoint.proxy)
    _ = shim_setopt_string(handle, CURLOPT_NOPROXY, endpoint.noProxy)
    // By itself the library looks at neither variable; the command does.
    if let file = endpoint.trust.file { _ = shim_setopt_string(handle, CURLOPT_CAINFO, file) }
    if let folder = endpoint.trust.folder {
      _ = shim_setopt_string(handle, CURLOPT_CAPATH, folder)
    } else if endpoint.trust.file != nil || Self.hasDefaultTrust {
      // A folder beside the file, which Debian's library has by itself, keeps libcurl from keeping what it has read:
      // all certificates would be read again for every connection, 15 ms of processor time.
      _ = shim_setopt_string(handle, CURLOPT_CAPATH, nil)
    }
    // 0.9 has no status line: any server's garbage would count as an answer.
    _ = shim_setopt_long(handle, CURLOPT_HTTP09_ALLOWED, 0)
    _ = shim_setopt_pointer(handle, CURLOPT_PRIVATE, me)
    _ = shim_setopt_pointer(handle, CURLOPT_WRITEDATA, me)
    _ = shim_setopt_write(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let context, let bytes else { return 0 }
      let me = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
      return me.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    _ = shim_setopt_pointer(handle, CURLOPT_HEADERDATA, me)
    _ = shim_setopt_write(handle, CURLOPT_HEADERFUNCTION) { _, size, count, context in
      guard let context else { return 0 }
      let me = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
      me.headSize += size * count
      return me.headSize <= EasyHandle.maxHeadSize ? size * count : 0
    }
    multiplexer.setSocketCallbacks(of: handle)
  }

  /// The one that `handle` belongs to; nil for a handle that libcurl made for itself.
  static func of(_ handle: UnsafeMutableRawPointer?) -> EasyHandle? {
    var context: UnsafeMutableRawPointer?
    _ = shim_getinfo_pointer(handle, CURLINFO_PRIVATE, &context)
    return context.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Whether bytes may rightly come on the call's connection while libcurl asks for none: the call is held
  /// back, or the connection is HTTP/2, where others may be held back and the peer may speak at any time.
  var mayHaveMore: Bool { isHeldBack || mayBeHTTP2 }

  /// Whether the call goes by HTTP/2. Until its answer begins that is not known, and it may.
  private var mayBeHTTP2: Bool {
    var version = 0
    _ = shim_getinfo_long(handle, CURLINFO_HTTP_VERSION, &version)
    return version != CURL_HTTP_VERSION_1_0 && version != CURL_HTTP_VERSION_1_1
  }

  // MARK: One call

  /// Makes the handle ready for a call, which begins when it is added to the multi handle.
  func prepare(_ request: TransferRequest, for transfer: Transfer, now: MonotonicTime) {
    self.transfer = transfer
    headSize = 0
    isHeldBack = false
    forbidReuse(false)
    copyBody(request.body)
    _ = shim_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
    _ = shim_setopt_pointer(handle, CURLOPT_POSTFIELDS, body.baseAddress)
    clock.start(request.timeouts, now: now)
  }

  /// POSTFIELDS rather than a read callback: head and body then leave in one packet.
  private func copyBody(_ bytes: [UInt8]) {
    if body.count < bytes.count || body.count > Self.maxKeptBodySize {
      body.deallocate()
      body = .allocate(byteCount: max(4_096, bytes.count), alignment: 16)
    }
    body.copyBytes(from: bytes)
  }

  private func expired(_ phase: TransferError.Phase) {
    guard let transfer else { return }
    multiplexer.abandon(self)
    transfer.finish(.failure(.timedOut(phase)))
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let transfer else { return 0 }
    let now = MonotonicTime.now()
    switch transfer.accept(bytes, head: responseHead, now: now) {
    case .accepted:
      clock.noteActivity(now: now)
      return bytes.count
    case .wait:
      isHeldBack = true
      clock.holdBack()
      return Int(CURL_WRITEFUNC_PAUSE)
    case .tooLarge:
      leaveConnection()
      transfer.finish(.failure(.tooLarge))
      return 0
    }
  }

  /// Lets libcurl go on after `receive` held it back.
  func resumeReading() {
    guard isHeldBack else { return }
    isHeldBack = false
    clock.resume()
    curl_easy_pause(handle, CURLPAUSE_CONT)
  }

  /// To be called before the call ends early: sees to it that its provider hears of that.
  ///
  /// A connection that may not be used again is closed, which says it too, unless other calls are on it.
  func leaveConnection() {
    guard Self.delaysCancellation, mayBeHTTP2 else { return }
    forbidReuse(true)
    multiplexer.noteCancellation()
  }

  private func forbidReuse(_ isForbidden: Bool) {
    guard isForbidden != forbidsReuse else { return }
    forbidsReuse = isForbidden
    _ = shim_setopt_long(handle, CURLOPT_FORBID_REUSE, isForbidden ? 1 : 0)
  }

  /// Has libcurl send what waits on the call's connection: when a call over HTTP/2 is let go on, its window is
  /// announced. Does nothing before the request is sent, and for a call that is held back.
  func nudge() {
    var sentAfter: curl_off_t = 0
    _ = shim_getinfo_offset(handle, CURLINFO_PRETRANSFER_TIME_T, &sentAfter)
    guard sentAfter > 0, mayBeHTTP2, !isHeldBack else { return }
    curl_easy_pause(handle, CURLPAUSE_RECV)
    curl_easy_pause(handle, CURLPAUSE_CONT)
  }

  /// The call is over: lets go of it and of its timer's deadline.
  func release() {
    transfer = nil
    clock.stop()
  }

  /// The handle will not be used again.
  func discard() {
    clock.discard()
  }

  func responseHead() -> Transfer.Head {
    var status = 0
    _ = shim_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return Transfer.Head(
      status: status, contentType: header("content-type"),
      retryAfter: status == 200 ? nil : header("retry-after"))
  }

  /// curl_easy_header(3): the last answer's field, in the head proper and not a trailer.
  private func header(_ name: String) -> String? {
    var field: UnsafeMutablePointer<curl_header>?
    guard curl_easy_header(handle, name, 0, UInt32(CURLH_HEADER), -1, &field) == CURLHE_OK, let field else {
      return nil
    }
    return String(cString: field.pointee.value)
  }
}
