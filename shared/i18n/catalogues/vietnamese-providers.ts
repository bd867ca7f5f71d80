import type { ProviderTexts } from '../catalogue.ts';

export const vietnameseProviders: ProviderTexts = {
  instructions: {
    'google-two-step': 'Bật Xác minh 2 bước cho Tài khoản Google.',
    'google-app-password':
      'Tạo mật khẩu ứng dụng tại https://myaccount.google.com/apppasswords và dùng nó thay cho mật khẩu tài khoản.',
    'google-folder-limit':
      'Trong phần cài đặt Gmail, thẻ “Chuyển tiếp và POP/IMAP”, không giới hạn số thư trong một thư mục IMAP.',
    'workspace-imap-on':
      'Quản trị viên bật IMAP cho người dùng trong Bảng điều khiển dành cho quản trị viên: Ứng dụng, Google Workspace, Gmail, Quyền truy cập của người dùng cuối.',
    'workspace-service-account':
      'Với tài khoản dịch vụ: cấp cho tài khoản đó quyền ủy quyền trên toàn miền với phạm vi https://mail.google.com/.',
    'workspace-app-passwords':
      'Với mật khẩu ứng dụng: mỗi người dùng bật Xác minh 2 bước, tạo một mật khẩu ứng dụng và dùng nó thay cho mật khẩu tài khoản.',
    'outlook-imap-on':
      'Trong phần cài đặt Outlook.com, mục Thư, Chuyển tiếp và IMAP, cho phép thiết bị và ứng dụng dùng IMAP.',
    'outlook-consent':
      'Đồng ý cấp quyền bằng tài khoản Microsoft. Outlook.com không còn nhận mật khẩu tài khoản.',
    'outlook-app-password':
      'Nếu không thể cấp quyền: bật xác minh hai bước và tạo mật khẩu ứng dụng; mật khẩu này có thể bị từ chối.',
    'yahoo-app-password':
      'Trong tài khoản Yahoo, mục Bảo mật, tạo mật khẩu ứng dụng và dùng nó thay cho mật khẩu tài khoản.',
    'aol-app-password':
      'Trong tài khoản AOL, mục Bảo mật, tạo mật khẩu ứng dụng và dùng nó thay cho mật khẩu tài khoản.',
    'icloud-two-factor': 'Bật xác thực hai yếu tố cho Tài khoản Apple.',
    'icloud-app-password':
      'Tạo mật khẩu dành riêng cho ứng dụng tại https://account.apple.com và dùng nó thay cho mật khẩu tài khoản.',
    'zoho-imap-on': 'Trong phần cài đặt Zoho Mail, mục Tài khoản thư, bật quyền truy cập IMAP.',
    'zoho-app-password':
      'Nếu Zoho dùng xác thực hai yếu tố: tạo mật khẩu dành riêng cho ứng dụng và dùng nó thay cho mật khẩu tài khoản.',
    'zoho-region':
      'Tổ chức có tên miền riêng dùng máy chủ imappro.zoho.com; các khu vực khác có máy chủ riêng, chẳng hạn imap.zoho.eu.',
    'fastmail-app-password':
      'Trong phần cài đặt Fastmail, mục Privacy & Security, tạo mật khẩu ứng dụng có quyền truy cập thư qua IMAP và dùng nó thay cho mật khẩu tài khoản.',
    'gmx-imap-on': 'Trong phần cài đặt GMX Mail, mục POP3/IMAP, bật quyền truy cập qua POP3 và IMAP.',
    'gmx-app-password':
      'Nếu GMX dùng xác thực hai yếu tố: tạo mật khẩu dành riêng cho ứng dụng và dùng nó thay cho mật khẩu tài khoản.',
    'gmx-com-server': 'Tài khoản gmx.com dùng máy chủ imap.gmx.com.',
    'exchange-online-application':
      'Quản trị viên đăng ký một ứng dụng trong Microsoft Entra với quyền IMAP.AccessAsApp và chấp thuận quyền đó.',
    'exchange-online-service-principal':
      'Trong Exchange Online PowerShell, đăng ký service principal của ứng dụng và cấp cho nó toàn quyền truy cập từng hộp thư.',
    'exchange-online-imap-on': 'Phải bật IMAP cho các hộp thư.',
    'exchange-server-imap-on':
      'Quản trị viên khởi động các dịch vụ “Microsoft Exchange IMAP4” và “IMAP4 Backend” và cho phép kết nối từ bên ngoài.',
    'exchange-server-full-access':
      'Cho tất cả hộp thư cùng lúc: cấp toàn quyền truy cập cho một tài khoản và dùng DOMAIN/quản trị viên/người dùng làm tên đăng nhập.',
    'dovecot-master-user': 'Cho tất cả hộp thư cùng lúc: quản trị viên tạo một người dùng chủ (master user).',
    'dovecot-connections':
      'Khi di chuyển nhiều hộp thư cùng lúc, hãy tăng mail_max_userip_connections cho địa chỉ mà Mailhaul kết nối đến từ đó.',
    'courier-connections':
      'Khi di chuyển nhiều hộp thư cùng lúc, hãy tăng MAXDAEMONS và MAXPERIP cho địa chỉ mà Mailhaul kết nối đến từ đó.',
    'courier-user-root': 'Với hộp thư dùng chung, ghi thư mục bắt đầu vào cột UserRoot.',
    'mirapoint-administrator':
      'Cho tất cả hộp thư cùng lúc: quản trị viên đăng nhập dưới dạng #user@domain#administrator#.',
    'cyrus-administrator':
      'Cho tất cả hộp thư cùng lúc: quản trị viên có tên trong proxyservers hoặc admins thao tác thay cho người dùng.',
    'ask-server-name': 'Hỏi nhà cung cấp tên máy chủ IMAP, cổng và kiểu bảo mật.',
    'imap-on': 'Bật quyền truy cập IMAP trong phần cài đặt của hộp thư nếu đang tắt.',
    'app-password-if-two-factor':
      'Với xác thực hai yếu tố, thường phải dùng mật khẩu ứng dụng thay cho mật khẩu tài khoản.',
  },
  notes: {
    'google-daily-volume':
      'Qua IMAP, mỗi ngày Gmail cho tải xuống khoảng 2.500 MB và nhận khoảng 500 MB. Hộp thư lớn hơn sẽ tự tiếp tục vào ngày hôm sau.',
    'google-labels':
      'Nhãn là thư mục: thư có nhiều nhãn được sao chép một lần, với nhãn đầu tiên, trừ khi bạn chọn khác.',
    'google-deleted':
      'Gmail lưu trữ thư được đánh dấu là đã xóa, nên khi Gmail là đích, thư được ghi mà không có dấu này.',
    'exchange-throttles':
      'Exchange Online làm chậm những ai làm việc nhanh và cho biết phải chờ bao lâu. Mailhaul chờ rồi tự tiếp tục.',
    'exchange-mail-only': 'Lịch, danh bạ và tác vụ không phải là thư nên không được di chuyển.',
    'exchange-keywords': 'Exchange chỉ giữ các cờ tiêu chuẩn, không giữ từ khóa của chương trình thư.',
    'yahoo-folder-limit':
      'Mỗi thư mục chỉ hiện 10.000 thư mới nhất. Phần còn lại do máy chủ xuất dữ liệu cung cấp.',
    'few-connections': 'Máy chủ chỉ chịu được ít kết nối cùng lúc, nên hộp thư lớn cần nhiều thời gian hơn.',
    'cyrus-strict':
      'Thư có byte NUL hoặc ký tự LF đứng riêng bị từ chối ở đó. Các thư này được liệt kê kèm lý do.',
  },
  refusals: {
    'google-app-password-needed': {
      summary: 'Google yêu cầu mật khẩu ứng dụng thay cho mật khẩu tài khoản.',
      remedy:
        'Tạo mật khẩu đó tại https://myaccount.google.com/apppasswords (phải bật Xác minh 2 bước) và nhập vào đây.',
    },
    'google-sign-in': {
      summary: 'Google không chấp nhận tên người dùng hoặc mật khẩu.',
      remedy:
        'Dùng địa chỉ email đầy đủ và mật khẩu ứng dụng từ https://myaccount.google.com/apppasswords; mật khẩu tài khoản không được chấp nhận.',
    },
    'google-web-sign-in': {
      summary: 'Google muốn người dùng đăng nhập bằng trình duyệt web trước.',
      remedy:
        'Đăng nhập https://mail.google.com bằng người dùng này, xác nhận những gì được hỏi và dùng mật khẩu ứng dụng ở đây. Sau đó thử lại.',
    },
    'google-imap-off': {
      summary: 'IMAP đang tắt với tài khoản Gmail này.',
      remedy: 'Trong phần cài đặt Gmail, thẻ “Chuyển tiếp và POP/IMAP”, bật IMAP. Sau đó thử lại.',
    },
    'google-imap-off-for-domain': {
      summary: 'IMAP đang tắt với mọi người dùng của miền Google Workspace này.',
      remedy:
        'Quản trị viên bật IMAP trong Bảng điều khiển dành cho quản trị viên: Ứng dụng, Google Workspace, Gmail, Quyền truy cập của người dùng cuối.',
    },
    'google-volume': {
      summary: 'Gmail đã cho qua lượng dữ liệu tối đa được phép lúc này.',
      remedy: 'Không cần làm gì: công việc tự tiếp tục vào thời điểm hiển thị, muộn nhất là sau một ngày.',
    },
    'exchange-online-sign-in': {
      summary: 'Exchange Online không chấp nhận đăng nhập.',
      remedy:
        'Dịch vụ này chỉ nhận OAuth 2.0, không nhận mật khẩu. Kiểm tra sự chấp thuận cho ứng dụng, toàn quyền truy cập của nó vào hộp thư này và việc bật IMAP cho hộp thư.',
    },
    'exchange-basic-off': {
      summary: 'Microsoft không còn nhận mật khẩu qua IMAP.',
      remedy: 'Chọn OAuth 2.0 làm cách đăng nhập.',
    },
    'exchange-not-connected': {
      summary: 'Exchange đã chấp nhận đăng nhập nhưng lúc này không mở hộp thư.',
      remedy:
        'Nguyên nhân thường gặp là quá nhiều lần đăng nhập trong thời gian ngắn; công việc sẽ tự tiếp tục. Nếu vẫn vậy, hãy cấp cho tài khoản toàn quyền truy cập hộp thư này và kiểm tra tên hộp thư.',
    },
    'exchange-server-sign-in': {
      summary: 'Máy chủ Exchange không chấp nhận tên người dùng hoặc mật khẩu.',
      remedy:
        'Thử tên người dùng dạng DOMAIN\\người_dùng hoặc địa chỉ email, và kiểm tra xem IMAP đã được bật cho hộp thư chưa.',
    },
    'outlook-sign-in': {
      summary: 'Outlook.com không chấp nhận đăng nhập.',
      remedy:
        'Hãy đồng ý cấp quyền bằng tài khoản Microsoft: mật khẩu không còn được chấp nhận. Phải bật IMAP trong phần cài đặt Outlook.com, mục Thư, Chuyển tiếp và IMAP.',
    },
    'microsoft-account-blocked': {
      summary: 'Microsoft đã khóa tài khoản cho đến khi chủ tài khoản xác nhận danh tính.',
      remedy: 'Đăng nhập https://outlook.com bằng người dùng này, làm theo yêu cầu, rồi thử lại.',
    },
    'yahoo-sign-in': {
      summary: 'Yahoo không chấp nhận tên người dùng hoặc mật khẩu.',
      remedy:
        'Tạo mật khẩu ứng dụng trong tài khoản Yahoo, mục Bảo mật, và nhập vào đây; mật khẩu tài khoản không được chấp nhận.',
    },
    'yahoo-verify': {
      summary: 'Nhà cung cấp muốn người dùng xác minh tài khoản trước.',
      remedy: 'Đăng nhập hộp thư bằng trình duyệt web, xác nhận những gì được hỏi, rồi thử lại.',
    },
    'aol-sign-in': {
      summary: 'AOL không chấp nhận tên người dùng hoặc mật khẩu.',
      remedy:
        'Tạo mật khẩu ứng dụng trong tài khoản AOL, mục Bảo mật, và nhập vào đây; mật khẩu tài khoản không được chấp nhận.',
    },
    'icloud-sign-in': {
      summary: 'iCloud không chấp nhận tên người dùng hoặc mật khẩu.',
      remedy:
        'Dùng mật khẩu dành riêng cho ứng dụng từ https://account.apple.com và lấy địa chỉ iCloud (hoặc phần trước @icloud.com) làm tên người dùng.',
    },
    'zoho-sign-in': {
      summary: 'Zoho không chấp nhận tên người dùng hoặc mật khẩu.',
      remedy:
        'Nếu bật xác thực hai yếu tố, hãy dùng mật khẩu dành riêng cho ứng dụng. Kiểm tra cả khu vực của máy chủ: tài khoản zoho.eu chỉ tồn tại ở đó.',
    },
    'zoho-imap-off': {
      summary: 'IMAP đang tắt với hộp thư Zoho này.',
      remedy:
        'Bật IMAP trong phần cài đặt Zoho Mail, mục Tài khoản thư; trong tổ chức, quản trị viên phải cho phép trước.',
    },
    'fastmail-sign-in': {
      summary: 'Fastmail không chấp nhận tên người dùng hoặc mật khẩu.',
      remedy:
        'Tạo mật khẩu ứng dụng có quyền IMAP trong phần cài đặt Fastmail, mục Privacy & Security, và nhập vào đây cùng địa chỉ email đầy đủ.',
    },
    'gmx-sign-in': {
      summary: 'GMX không chấp nhận đăng nhập.',
      remedy:
        'Bật IMAP trong phần cài đặt GMX Mail, mục POP3/IMAP (lúc đầu và sau một thời gian dài không dùng, IMAP bị tắt). Nếu bật xác thực hai yếu tố, hãy dùng mật khẩu dành riêng cho ứng dụng.',
    },
    'gmx-imap-off': {
      summary: 'IMAP đang tắt với hộp thư GMX này.',
      remedy: 'Bật IMAP trong phần cài đặt GMX Mail, mục POP3/IMAP, rồi thử lại.',
    },
    'dovecot-connections': {
      summary: 'Số kết nối đang mở cho người dùng này và địa chỉ của chúng tôi đã đạt mức máy chủ cho phép.',
      remedy:
        'Công việc tự tiếp tục. Để nhanh hơn, hãy tăng mail_max_userip_connections trên máy chủ hoặc giảm số kết nối tới máy chủ này trong hạn mức.',
    },
    'sign-in-service-down': {
      summary: 'Lúc này máy chủ không kiểm tra được mật khẩu.',
      remedy:
        'Hệ thống tự thử lại. Nếu vẫn vậy, người vận hành máy chủ sẽ tìm thấy nguyên nhân trong nhật ký.',
    },
    'sign-in-needs-tls': {
      summary: 'Máy chủ chỉ nhận mật khẩu qua kết nối được mã hóa.',
      remedy: 'Chọn TLS (cổng 993) hoặc STARTTLS (cổng 143).',
    },
    'too-many-connections': {
      summary: 'Số kết nối đang mở tới tài khoản này đã đạt mức nhà cung cấp cho phép.',
      remedy:
        'Công việc tự tiếp tục. Đóng các chương trình thư của người dùng hoặc giảm số kết nối trong hạn mức cũng có ích.',
    },
    'server-busy': {
      summary: 'Lúc này nhà cung cấp gặp sự cố hoặc yêu cầu làm chậm lại.',
      remedy: 'Không cần làm gì: hệ thống tự thử lại.',
    },
  },
};
