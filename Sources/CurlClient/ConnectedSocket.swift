internal import CLibcurl
internal import Glibc
internal import Reactor

/// The socket that libcurl has connected.
///
/// The socket alone is kept: libcurl's handle for it takes 13 kB, which would be a fifth of all that a
/// stream needs, and its reads and writes are recv(2) and send(2) with a detour.
final class ConnectedSocket {
  private let owned: FileDescriptor
  var descriptor: Int32 { owned.number }

  /// That of `connecting`, which has ended well and is still part of its multi handle.
  init(of connecting: ConnectingHandle) throws(TransferError) {
    var connected: curl_socket_t = -1
    _ = shim_getinfo_socket(connecting.handle, CURLINFO_ACTIVESOCKET, &connected)
    guard connected >= 0 else { throw .connectionFailed("there is no connection") }
    // The handle closes its own descriptor, which leaves the connection to the other one.
    let descriptor = fcntl(connected, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else {
      throw .connectionFailed("the system has no room for another connection")
    }
    owned = FileDescriptor(owning: descriptor)
  }
}
