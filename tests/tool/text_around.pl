# SPDX-License-Identifier: GPL-2.0
#
# text_around.pl FORM < text > another
#
# Writes a text as a log, a pager, a terminal, a web page or a mail would have it:
# with something in front of every line, or with other characters in it.
use strict;
use warnings;

my ($form) = @ARGV;
my @lines = <STDIN>;
chomp @lines;
my $n = 0;

# "%n" counts lines, "%m" does so modulo 60, "%u" in six digits
my %front = (
	'logcat-threadtime' => '06-01 12:00:%m.123  1234  1240 I pinner  : ',
	'logcat-time' => '06-01 12:00:%m.123 I/pinner  ( 1234): ',
	'logcat-brief' => 'I/pinner  ( 1234): ',
	'logcat-kernel' => '06-01 12:00:%m.123  0     0 W         : ',
	'logcat-year' => '2026-06-01 12:00:%m.123  1234  1240 I pinner  : ',
	'logcat-uid' => '06-01 12:00:%m.123  root  1234  1240 I pinner  : ',
	'journal-iso' => '2026-06-01T12:00:%m+0000 host kernel: ',
	'journal-iso-precise' => '2026-06-01T12:00:00.%u+02:00 host kernel: ',
	'journal-precise' => 'Jun 01 12:00:00.%u host kernel: ',
	'journal-full' => 'Mon 2026-06-01 12:00:%m UTC host kernel: ',
	'journal-unix' => '1780000000.%u host kernel: ',
	'journal-unit' => 'Jun 01 12:00:%m host trace.sh[123]: ',
	'journal-export' => 'MESSAGE=',
	'journal-verbose' => '    MESSAGE=',
	rsyslog => '2026-06-01T12:00:00.%u+00:00 host kernel: [   12.%u] ',
	rfc5424 => '<4>1 2026-06-01T12:00:00.%uZ host kernel - - - ',
	'dmesg-delta' => '[   12.%u <    0.000012>] ',
	'dmesg-iso' => '2026-06-01T12:00:00,%u+00:00 ',
	'dmesg-level' => '<6>',
	'dmesg-cpu' => '[   12.%u][    C1] ',
	'dmesg-color' => "\e[32m[   12.%u] \e[0m",
	color => "\e[0m",
	ts => 'Jun 01 12:00:%m ',
	'ts-s' => '00:00:%m ',
	'ts-i' => '12.%u ',
	jenkins => '[2026-06-01T12:00:%m.000Z] ',
	actions => '2026-06-01T12:00:00.0%uZ ',
	lava => '2026-06-01T12:00:00.%u  ',
	kmsg => '4,%n,12%u,-;',
	'kmsg-caller' => '4,%n,12%u,-,caller=T114;',
	tap => '# ',
	'grep-n' => '%n:',
	'grep-file' => 'trace.txt:%n:',
	diff => '+',
	compose => 'tracer_1  | ',
	'mail-tab' => ">\t",
	'mail-bar' => '| ',
	'mail-name' => 'NK> ',
	indented => '  ',
);

sub in_front
{
	my ($front, $line) = @_;

	$front =~ s/%n/$n/;
	$front =~ s/%m/sprintf '%02d', $n % 60/e;
	$front =~ s/%u/sprintf '%06d', $n/ge;
	return $front . $line;
}

sub each_line
{
	my ($f) = @_;

	for (@lines) {
		$n++;
		$_ = $f->($_);
	}
}

# As a mail that is not of ASCII alone is sent.
sub quoted_printable
{
	my @out;

	for (@lines) {
		s/([=\x7f-\xff])/sprintf '=%02X', ord $1/ge;
		while (length > 75) {
			my $at = 75;

			$at-- while substr($_, $at - 2, 2) =~ /=/;
			push @out, substr($_, 0, $at) . '=';
			$_ = substr $_, $at;
		}
		push @out, $_;
	}
	@lines = @out;
}

my %other = (
	'cat-n' => sub { each_line(sub { sprintf "%6d\t%s", $n, $_[0] }) },
	'less-N' => sub { each_line(sub { sprintf '%7d %s', $n, $_[0] }) },
	'grep-A' => sub {
		each_line(sub {
			my $s = $_[0] =~ /page_pinner_\w+:/ ? ':' : '-';

			return "trace.txt$s$n$s$_[0]";
		});
	},
	'dmesg-reltime' => sub {
		each_line(sub { ($n % 40 == 1 ? '[Jun 1 12:00] ' : '[  +0.000123] ') . $_[0] });
	},
	'syslog-tab' => sub {
		each_line(sub { (my $l = $_[0]) =~ s/\t/#011/g; "Jun  1 12:00:00 host kernel: $l" });
	},
	'kmsg-tab' => sub {
		each_line(sub { (my $l = $_[0]) =~ s/\t/\\x09/g; "4,$n,12345678,-;$l" });
	},
	'logcat-midnight' => sub {
		each_line(sub {
			($n < 200 ? '05-31 23:59:59.999  1234  1240 I pinner  : ' :
				    '06-01 00:00:00.000  1234  1240 W pinner  : ') . $_[0];
		});
	},
	'journal-month' => sub {
		each_line(sub {
			($n < 200 ? 'May 31 23:59:59 host kernel: ' : 'Jun 01 00:00:00 host kernel: ') . $_[0];
		});
	},
	'logcat-others' => sub {
		my $time = '06-01 12:00:00.123';

		@lines = map { ("$time  1234  1240 I pinner  : $_",
				++$n % 50 ? () : "$time   999  1000 I wifi    : roaming, 3 of them") } @lines;
	},
	'web' => sub { each_line(sub { (my $l = $_[0]) =~ s/&/&amp;/g; $l =~ s/</&lt;/g; $l =~ s/>/&gt;/g; $l }) },
	'web-blanks' => sub { each_line(sub { (my $l = $_[0]) =~ s/ /\xc2\xa0/g; $l }) },
	'web-indent' => sub { each_line(sub { (my $l = $_[0]) =~ s/^( +)/"\xc2\xa0" x length $1/e; $l }) },
	'terminal-clear' => sub { each_line(sub { "\e[0m$_[0]\e[K" }) },
	expand => sub { each_line(sub { (my $l = $_[0]) =~ s/\t/        /g; $l }) },
	double => sub { each_line(sub { "$_[0]\n" }) },
	bom => sub { $lines[0] = "\xef\xbb\xbf$lines[0]"; $_ .= "\r" for @lines; },
	serial => sub { $_ .= "\r\r" for @lines; },
	'serial-lfcr' => sub { each_line(sub { $n > 1 ? "\r$_[0]" : $_[0] }) },
	'mail-quoted-printable' => \&quoted_printable,
	fence => sub { @lines = ('What I see:', '', '```text', @lines, '```', '', 'Thanks') },
	details => sub { @lines = ('<details><summary>trace</summary>', '', '```', @lines, '```', '</details>') },
	script => sub {
		@lines = ('Script started on 2026-06-01 12:00:00+00:00 [TERM="xterm"]',
			  'root@host:/# cat trace', @lines, 'root@host:/# exit', 'exit', '',
			  'Script done on 2026-06-01 12:01:00+00:00 [COMMAND_EXIT_CODE="0"]');
		$_ .= "\r" for @lines;
	},
);

if (($form // '') eq 'list') {
	print "$_\n" for sort keys %front, keys %other;
	exit;
}
if (defined $front{$form}) {
	each_line(sub { in_front($front{$form}, $_[0]) });
} elsif ($other{$form}) {
	$other{$form}->();
} else {
	die "no form $form\n";
}
print "$_\n" for @lines;
