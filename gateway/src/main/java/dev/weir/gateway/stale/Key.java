package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestHead;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/**
 * What an answer is kept under: the route, and all that the upstream is told of the address asked
 * for. Also what it hears beside the path (X-Forwarded-Host and its kin, which a trusted proxy may
 * send): an answer with links to one host must not reach who asked for another.
 *
 * <p>Comparable, so that many keys of one hash, which a client can find, cost a tree's depth.
 *
 * @param shelf the number of the route's shelf
 * @param target one line for each part, none of which holds a line's end
 */
record Key(int shelf, String target) implements Comparable<Key> {
  private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
  private static final AsciiString KIN = AsciiString.cached("x-forwarded-");

  /** The client's address is no part of an address asked for. */
  private static final AsciiString CLIENT = AsciiString.cached("x-forwarded-for");

  static Key of(int shelf, Exchange exchange) {
    RequestHead head = exchange.head();
    StringBuilder target = new StringBuilder(128);
    target.append(head.host()).append('\n').append(head.path()).append(head.query());
    HttpHeaders headers = head.headers();
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      CharSequence name = field.getKey();
      if (name.length() > KIN.length()
          && AsciiString.regionMatches(name, true, 0, KIN, 0, KIN.length())
          && !CLIENT.contentEqualsIgnoreCase(name)) {
        target.append('\n').append(name).append(':').append(field.getValue());
      }
    }
    appendForwarded(target, headers.get(FORWARDED, ""));
    return new Key(shelf, target.toString());
  }

  /**
   * The last element is the gateway's own and says nothing new. Others name clients as well as
   * hosts: kept whole, they make an answer good for that client alone, which is safe.
   */
  private static void appendForwarded(StringBuilder target, String forwarded) {
    int own = forwarded.lastIndexOf(',');
    if (own > 0) {
      target.append('\n').append(forwarded, 0, own);
    }
  }

  @Override
  public int compareTo(Key other) {
    int byShelf = Integer.compare(shelf, other.shelf);
    return byShelf == 0 ? target.compareTo(other.target) : byShelf;
  }
}
