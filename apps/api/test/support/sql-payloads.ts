/**
 * Texts that are harmless as values and not as parts of a statement (OWASP ASVS 5.0, 1.2.4). Each ends a literal, a
 * number or an identifier in its own way, or breaks the statement, so that one that is put together from text errs, tells
 * more, or does something else.
 */
export const sqlPayloads: readonly string[] = [
  "'",
  "''",
  "'''",
  '"',
  '\\',
  "\\'",
  "' or '1'='1",
  "' or 1=1--",
  "') or ('1'='1",
  '1 or 1=1',
  '1); --',
  "'; update users set role = 'admin'; --",
  "'; delete from sessions; --",
  "'; drop table users cascade; --",
  "'; truncate idempotency_keys; commit; --",
  "' union select id, password_hash, email, role, age, confirmed_at, disabled_at, created_at from users--",
  "' and 1 = cast((select password_hash from users limit 1) as int)--",
  "'||(select current_user)||'",
  "'||chr(0)||'",
  "'; copy users to program 'true'; --",
  "'; create role intruder superuser login; --",
  '$$; drop table users; $$',
  '$1::text); drop table users; --',
  "/*'*/",
  "' /*",
  "E'\\047 or true--",
  "U&'\\0027 or true--",
  '%27%20or%201=1--',
  '\u02BC or 1=1--',
  '\uFF07 or 1=1--',
  '\u00BF\u0027 or 1=1--',
  "'\u0000 or 1=1--",
  '%\u005F%',
  '?',
  ':name',
  '${1}',
  '{{1}}',
];

/** The same where spaces, quotes of names and brackets may not stand: what comes before the `@` (RFC 5322, `atext`). */
export const sqlAtoms: readonly string[] = [
  "'",
  "''",
  "o'brien",
  "'or'1'='1",
  "'or'1'='1'--",
  "'/**/or/**/true--",
  "'||current_user||'",
  "'/**/union/**/select/**/null--",
  "'--",
  "'/*",
  '$1',
  '$$',
  '?',
  '%',
  '{fn}',
  '`',
];

/** The same for what has 16 printable characters at least, and no space. */
export const sqlKeys: readonly string[] = [
  "'or'1'='1'--------------",
  "';drop/**/table/**/users/**/cascade;--",
  "');delete/**/from/**/idempotency_keys;--",
  "'||(select/**/current_user)||'----",
  '"\\\'"\\\'"\\\'"\\\'"\\\'"\\\'"\\\'',
  '$$$$$$$$$$$$$$$$$$$$',
];
