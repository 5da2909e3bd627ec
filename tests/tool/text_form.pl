# SPDX-License-Identifier: GPL-2.0
#
# text_form.pl FORM [ARGUMENT] < trace.txt > text
#
# Writes the text of tracefs (or of perf script, for the forms that begin with
# perf-) as another recorder, option, kernel, log or mail would have it.
use strict;
use warnings;

my ($form, $arg) = @ARGV;
my @lines = <STDIN>;
chomp @lines;

# A line of an event in its columns; undef for any other.
sub head
{
	my ($line) = @_;

	return undef unless $line =~
		/^ *(.*)-(\d+) +\[(\d+)\] (\S+) +(\d+)\.(\d+): (.*)$/;
	return { comm => $1, pid => $2, cpu => $3, flags => $4, s => $5, us => $6,
		 rest => $7, ns => $5 * 1000000000 + $6 * 1000 };
}

# Every event's line through $f, every other one through $g.
sub each_line
{
	my ($f, $g) = @_;

	for (@lines) {
		my $h = head($_);

		$_ = $h ? $f->($h) : $g ? $g->($_) : $_;
	}
}

sub tracefs
{
	my ($h) = @_;

	return sprintf("%16s-%-7d [%03d] %s %5d.%06d: %s", @$h{qw(comm pid cpu flags s us rest)});
}

my $first;

sub latency
{
	my ($h) = @_;

	$first //= $h->{ns};
	return sprintf("%8.8s-%-7d %3d%s %4dus%s: %s", @$h{qw(comm pid cpu flags)},
		       ($h->{ns} - $first) / 1000, (' ', '+', '!', '*')[$h->{us} % 4], $h->{rest});
}

sub no_header { @lines = grep { !/^#/ } @lines; }

# reason=alloc_contig id=1 -> reason=(2) id=0x1 (1)
sub by_fields
{
	my ($text) = @_;
	my %numbers = (
		reason => [qw(none watch alloc_contig compaction longterm_pin memory_hotplug
			      memory_failure syscall)],
		kind => [qw(extra_ref not_lru locked writeback buffers no_memory split
			    unmovable busy no_extra_ref)],
		marked => [qw(no new again refused)],
		why => [qw(freed settled cleared)],
	);
	my @out;

	for my $field (split / /, $text) {
		my ($name, $value) = split /=/, $field, 2;

		if (my $names = $numbers{$name}) {
			for my $i (0 .. $#$names) {
				$value = "($i)" if $names->[$i] eq $value;
			}
		} elsif ($name =~ /^(order|mt)$/) {
			$value = "($value)";
		} else {
			my $n = $value =~ /^0x/ ? hex $value : $value;

			$value = sprintf "0x%x (%d)", $n < 0 ? $n & 0xffffffff : $n, $n;
		}
		push @out, "$name=$value";
	}
	return join ' ', @out;
}

my %forms = (
	same => sub { },
	pipe => \&no_header,
	tgid => sub {
		each_line(sub { my $l = tracefs(@_); $l =~ s/ \[/ (    108) [/; $l });
	},
	'no-tgid' => sub {
		each_line(sub { my $l = tracefs(@_); $l =~ s/ \[/ (-------) [/; $l });
	},
	'no-irq-info' => sub {
		each_line(sub { my $l = tracefs(@_); $l =~ s/\] \S+ /] /; $l });
	},
	latency => sub { each_line(\&latency); },
	'dmesg-dump' => sub {
		no_header();
		each_line(\&latency);
		unshift @lines, 'Dumping ftrace buffer:', '---------------------------------';
		push @lines, '---------------------------------';
		my $n = 12345678;
		$_ = sprintf "[%5d.%06d] %s", $n / 1000000, $n++ % 1000000, $_ for @lines;
	},
	'dmesg-level' => sub { $_ = "<4>[   12.345678] $_" for @lines; },
	'dmesg-caller' => sub { each_line(\&latency); $_ = "[   12.345678][  T114] $_" for @lines; },
	'dmesg-date' => sub { $_ = "[Mon Jun  1 12:00:00 2026] $_" for @lines; },
	'dmesg-decoded' => sub { $_ = "kern  :warn  : [   12.345678] $_" for @lines; },
	syslog => sub { $_ = "Jun  1 12:00:00 host kernel: [   12.345678] $_" for @lines; },
	journal => sub { $_ = "[   12.345678] host kernel: $_" for @lines; },
	ticks => sub {
		each_line(sub {
			my ($h) = @_;

			return sprintf("%16s-%-7d [%03d] %s %12d: %s", @$h{qw(comm pid cpu flags)},
				       $h->{ns} * 3, $h->{rest});
		});
	},
	mail => sub { $_ = "> $_" for @lines; unshift @lines, 'On Monday, N wrote:'; },
	'mail-twice' => sub { $_ = ">> $_" for @lines; },
	'mail-thrice' => sub { $_ = "> > > $_" for @lines; },
	crlf => sub { $_ .= "\r" for @lines; },
	'no-newline' => sub { },
	trailing => sub { $_ .= '   ' for @lines; },
	stripped => sub { s/^ +(?!=>)// for @lines; },
	collapsed => sub { s/[ \t]+/ /g for @lines; },
	indented => sub { $_ = "    $_" for @lines; },
	grep => sub { $_ = "trace.txt:$_" for @lines; },
	'sym-offset' => sub { s,^( => \S+)$,$1+0x1f/0x30, for @lines; },
	'sym-addr' => sub { s,^( => \S+)$,$1 <ffffffff81279077>, for @lines; },
	html => sub {
		unshift @lines, '<!DOCTYPE html>', '<html><script class="trace-data">';
		push @lines, '</script></html>';
	},
	systrace => sub { $_ .= '\n\\' for @lines; },
	fields => sub {
		each_line(sub {
			my ($h) = @_;

			$h->{rest} =~ s/^(page_pinner_\w+): (.*)/"$1: " . by_fields($2)/e;
			return tracefs($h);
		});
	},
	comm => sub {
		s/^ *vmsplice_hold-(\d+) /sprintf "%16s-%-5d ", $arg, $1/e for @lines;
	},
	noise => sub {
		splice @lines, rand @lines, 0, "something else entirely" for 1 .. 3;
	},
	'perf-no-time' => sub { s/^(\S.*?\[\d+\]) +[\d.]+:/$1/ for @lines; },
	'perf-no-cpu' => sub { s/^(\S.*?) \[\d+\]/$1/ for @lines; },
	'perf-neither' => sub { s/^(\S.*?) \[\d+\] +[\d.]+:/$1/ for @lines; },
	'perf-L' => sub { s/^(\S.*?) \[0*(\d+)\]/sprintf "%s %3d", $1, $2/e for @lines; },
	'perf-period' => sub { s/^(\S.*?\[\d+\] +[\d.]+:)/$1          1/ for @lines; },
	'perf-pair' => sub { s/^(\S.*?) +(\d+) (\[\d+\])/sprintf "%s %5d\/%-5d %s", $1, $2, $2, $3/e for @lines; },
	'perf-comm' => sub { s/^vmsplice_hold +(\d+) /sprintf "%s %5d ", $arg, $1/e for @lines; },
	'perf-comm-no-cpu' => sub {
		s/^vmsplice_hold +(\d+) /sprintf "%s %5d ", $arg, $1/e for @lines;
		s/^(\S.*?) \[\d+\]( +[\d.]+: +page_pinner:)/$1$2/ for @lines;
	},
	'perf-no-dso' => sub { s/ \(\S+\)$// for @lines; },
	'perf-no-offset' => sub { s/\+0x[0-9a-f]+ \(/ (/ for @lines; },
	'perf-spaces' => sub { s/^\t/        / for @lines; },
	'perf-mail' => sub { $_ = "> $_" for @lines; },
	'perf-stderr' => sub {
		unshift @lines, 'No kallsyms or vmlinux with build-id 69da was found',
			'[ perf record: Woken up 1 times to write data ]';
	},
	'perf-crlf' => sub { $_ .= "\r" for @lines; },
);

if (($form // '') eq 'list') {
	print "$_\n" for sort grep { !/comm/ && !/^(noise|same)$/ } keys %forms;
	exit;
}
die "no form $form\n" unless $forms{$form};
srand 1;
$forms{$form}->();
my $text = join "\n", @lines;
print $text, $form eq 'no-newline' ? '' : "\n";
