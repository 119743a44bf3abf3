package dev.weir.auth.account;

import dev.weir.auth.database.Row;
import java.util.Locale;

/** How accounts are read, with what their roles allow. */
final class AccountQuery {
  static final String BY_ID = "u.id = :id";
  static final String BY_EMAIL =
      "u.id = (select user_id from auth.email_index where digest = :digest)";
  static final String BY_SESSION =
      "u.id = (select user_id from auth.sessions where id = :id and status = 'active')";

  private static final String TEXT =
      """
      select %s u.id, u.status, u.user_epoch, u.version,
        coalesce(array_agg(distinct ur.role) filter (where ur.role is not null), '{}') as roles,
        coalesce(array_agg(distinct rs.scope) filter (where rs.scope is not null), '{}') as scopes
      from auth.users u
        left join auth.user_roles ur on ur.user_id = u.id
        left join auth.role_scopes rs on rs.role = ur.role
        %s
      where u.status <> 'deleted' and %s group by u.id%s""";

  private AccountQuery() {}

  static String of(String condition) {
    return with("", condition);
  }

  /** The same with more columns of the account. */
  static String with(String columns, String condition) {
    return TEXT.formatted(columns, "", condition, "");
  }

  /** The same with what the password is checked against, where there is one. */
  static String withHash(String condition) {
    return TEXT.formatted(
        "c.phc, c.pepper_id,",
        "left join auth.credentials_password c on c.user_id = u.id",
        condition,
        ", c.user_id");
  }

  static Account account(Row row) {
    return new Account(
        row.id("id"),
        AccountStatus.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
        row.number("user_epoch"),
        row.number("version"),
        row.texts("roles"),
        row.texts("scopes"));
  }
}
