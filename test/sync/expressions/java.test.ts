import { expect, test } from 'vitest'
import type { Values } from '../../../sync/record.ts'
import { evaluate } from './evaluate.ts'

const tables: Record<string, Record<string, Values | string>> = {
  'collections of Java': {
    'var l = new java.util.ArrayList(); l.add("a"); l.add("b"); l.add(0, "c"); l': ['c', 'a', 'b'],
    'var l = new java.util.ArrayList(20); l.addAll(["a", "b"]); l.get(1) + l.size() + l.contains("a") + l.indexOf("b")':
      ['b2true1'],
    'var l = java.util.Arrays.asList("a", "b", "c"); l.remove("b"); l.remove(0); l.toString()': ['[c]'],
    'var s = new java.util.HashSet(); s.add("a"); s.add("a"); s.add("b"); s': ['a', 'b'],
    'var m = new java.util.HashMap(); m.put("k", "v"); m.get("k") + m.get("x") + m.containsKey("k") + m.size()':
      ['vnulltrue1'],
    'var l = new java.util.LinkedList(); l.addLast("b"); l.addFirst("a"); l.getFirst() + l.getLast()': ['ab'],
    'var it = java.util.Arrays.asList(["x", "y"]).iterator(), t = ""; while (it.hasNext()) t += it.next(); t':
      ['xy'],
    'new java.util.ArrayList(["a"]).map(function (x) { return x + x })': ['aa'],
    'for (var x in { a: 1 }) x': ['a'],
    'new java.util.ArrayList().get(0)': 'RangeError: there is no element 0 (line 1)',
  },
  'strings of Java': {
    '"a".equals("a") && !"a".equals(null) && "É".equalsIgnoreCase("é")': ['true'],
    '"a-b_c".replaceAll("[-_]", "")': ['abc'],
    '"a.b.c".replaceAll(".", "")': ['abc'],
    '"a1b2".replaceAll("(\\\\d)", "<$1>") + "x$".replaceAll("x", "\\\\$")': ['a<1>b<2>$$'],
    '"Déjà 1".replaceAll("[^\\\\p{Alpha}\\\\p{Digit}]", "")': ['Dj1'],
    '"abc".matches("[a-c]+") && !"abc".matches("a")': ['true'],
    '"" + "abc".length() + "abc".isEmpty() + "abc".contains("b")': ['3falsetrue'],
    '"é".getBytes("UTF-8")': [Buffer.from([0xc3, 0xa9])],
    'new java.lang.String("abc").concat("d")': ['abcd'],
    'java.lang.String.valueOf(5) + java.lang.String.format("%05d|%s", 42, "x")': ['500042|x'],
    '"hello".hashCode()': ['99162322'],
    '"b".compareTo("a")': ['1'],
  },
  'the ways by which scripts come by classes': {
    'var A = Java.type("java.util.ArrayList"); var a = new A(); a.add("t"); a': ['t'],
    'importPackage(java.util); new ArrayList(["i"])': ['i'],
    'importClass(Packages.java.util.LinkedList); new LinkedList(["c"])': ['c'],
    'load("nashorn:mozilla_compat.js"); importPackage(Packages.org.lsc.utils); SecurityUtils.HASH_MD5': [
      'MD5',
    ],
    'Packages.org.lsc.utils.directory.AD.UAC_NORMAL_ACCOUNT': ['512'],
    'org.lsc.utils.FrenchFilters.filterUid("Jean Dupont")': ['jeandupont'],
    'java.lang.System.out.println("nowhere"); "printed"': ['printed'],
    'java.lang.Integer.parseInt("42") + 1': ['43'],
    '/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(java.util.UUID.randomUUID().toString())':
      ['true'],
    'java.lang.System.getenv("PATH")': [],
    'new java.io.File("/etc/passwd")':
      'TypeError: the Java class java.io.File is not available here (line 1)',
    'Java.type("java.net.URL")': 'TypeError: the Java class java.net.URL is not available here (line 1)',
    'new java.text.SimpleDateFormat("dd/MM/yyyy").format(new java.text.SimpleDateFormat("yyyy-MM-dd").parse("2026-11-05"))':
      ['05/11/2026'],
    'java.util.Base64.getEncoder().encodeToString("héllo".getBytes()) + new java.lang.String(java.util.Base64.getDecoder().decode("aMOpbGxv"))':
      ['aMOpbGxvhéllo'],
    'var m = java.util.regex.Pattern.compile("(\\\\w)(\\\\d)").matcher("a1 b2"); m.find(); m.find(); m.group(2)':
      ['2'],
  },
  'names of LDAP': {
    'javax.naming.ldap.Rdn.escapeValue("a,b+c=d ")': ['a\\,b\\+c\\=d\\ '],
    'javax.naming.ldap.Rdn.unescapeValue("a\\\\,b\\\\c3\\\\a9")': ['a,bé'],
    'var n = new javax.naming.ldap.LdapName("uid=z\\\\,e, ou=people,dc=example"); [n.size(), n.getRdn(2).getValue(), n.get(0), n.getPrefix(2)+""]':
      ['3', 'z,e', 'dc=example', 'ou=people,dc=example'],
    'new javax.naming.ldap.LdapName("uid=a,dc=x").getRdns().get(1).getType()': ['uid'],
    'new javax.naming.ldap.LdapName("OU=X,DC=y").equals("ou=x,dc=Y")': ['true'],
  },
}

test.for(Object.entries(tables))('%s', async ([, codes]) => {
  const given = await evaluate(Object.keys(codes), {}, { dialect: 'lsc' })
  expect(Object.fromEntries(Object.keys(codes).map((code, index) => [code, given[index]]))).toEqual(codes)
})
